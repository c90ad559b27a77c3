"""Why nobody was signed in through the identity provider, and what the person can do."""

from yici.rules.refusals import Refusal


class CannotSignIn(Refusal):
    """The provider did not confirm who this is; the sentence says what to do."""


def not_answering() -> CannotSignIn:
    """Return the sentence for a provider that cannot be reached."""
    return CannotSignIn(
        zh="统一身份认证现在没有应答。请过几分钟再试，或用账号和密码登录。",
        en="The identity service does not answer now. Try again in a few minutes, or sign in with account and "
        "password.",
    )


def foreign_answer() -> CannotSignIn:
    """Return the sentence for an answer that is not for us or cannot be trusted."""
    return CannotSignIn(
        zh="身份认证的答复不是发给本平台的，或内容不可信，没有登录。请从登录页重新开始；若再次出现，请致电12345。",
        en="The answer of the identity service was not meant for this site or cannot be trusted; you are not signed "
        "in. Start again from the sign-in page; if it happens again, call 12345.",
    )


def wrong_time() -> CannotSignIn:
    """Return the sentence for an answer whose time does not fit."""
    return CannotSignIn(
        zh="身份认证的答复已经过期，或双方时钟不一致，没有登录。请重新登录；若再次出现，请致电12345。",
        en="The answer of the identity service is out of date, or the clocks disagree; you are not signed in. Sign in "
        "again; if it happens again, call 12345.",
    )


def code_refused() -> CannotSignIn:
    """Return the sentence for a code that the provider takes no more."""
    return CannotSignIn(
        zh="这次登录已经用过或已经失效。请从登录页重新开始。",
        en="This sign-in was used already or is no longer valid. Start again from the sign-in page.",
    )


def denied(error: str) -> CannotSignIn:
    """Return the sentence for an answer without a code; ``error`` is the provider's word for it (RFC 6749 4.1.2.1)."""
    if error == "access_denied":
        return CannotSignIn(
            zh="您在身份认证页面选择了不同意，没有登录。可以重新登录，或用账号和密码登录。",
            en="You declined on the page of the identity service; you are not signed in. Sign in again, or use account "
            "and password.",
        )
    return CannotSignIn(
        zh="统一身份认证没有完成这次登录。请重新登录，或用账号和密码登录。",
        en="The identity service did not finish this sign-in. Try again, or sign in with account and password.",
    )


def stale() -> CannotSignIn:
    """Return the sentence for an answer we do not wait for: begun in another browser, too long ago, or used."""
    return CannotSignIn(
        zh="这次登录不是从这个浏览器开始的，或者时间太久了，没有登录。请从登录页重新开始。",
        en="This sign-in was not begun in this browser, or too long ago; you are not signed in. Start again from the "
        "sign-in page.",
    )
