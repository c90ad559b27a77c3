"""The text model: it learns, knows what it does not know, and any version can be had again."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yici.apps.tickets.meaning.calibration import (
    NEVER,
    calibration_error,
    fit_sharpness,
    probabilities,
    reliability,
    thresholds,
)
from yici.apps.tickets.meaning.evaluation import evaluate, evaluate_in_parts, hidden_categories
from yici.apps.tickets.meaning.files import CannotLoadModel, checksum, load, save
from yici.apps.tickets.meaning.messages import Message, read_messages
from yici.apps.tickets.meaning.model import CannotTrain, Trained, parts_of, train
from yici.apps.tickets.meaning.versions import CannotUseVersion, Versions

DEMO = Path(__file__).parents[2] / "demo" / "tickets" / "messages.csv"
NOW = datetime(2026, 5, 7, 9, tzinfo=UTC)
THINGS = {"医保": "医保报销门诊药费", "工资": "老板拖欠工资不发", "路灯": "路灯坏了夜里很黑"}


def made(kinds: Sequence[str] = tuple(THINGS), each: int = 15) -> list[Message]:
    """Return messages so plain that anything but learning them all is a fault."""
    return [
        Message(f"{kind}{number}", "", f"第{number}次反映，{THINGS[kind]}，请{'尽' * (number % 4)}快处理", label=kind)
        for kind in kinds
        for number in range(each)
    ]


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(made())


class TestPropose:
    def test_proposes_with_three_categories_in_order(self, trained: Trained) -> None:
        proposal = trained.model.propose(made()[3].text)

        assert proposal.category == "医保"
        assert proposal.confident
        chances = [chance for _, chance in proposal.top3]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) == pytest.approx(1, abs=0.001)

    @pytest.mark.parametrize("text", ["", "   ", "\x00", "😀", "qwertz", "𠀀" * 3])
    def test_leaves_texts_without_a_known_word_to_a_person(self, trained: Trained, text: str) -> None:
        assert not trained.model.propose(text).confident

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
    def test_says_of_a_text_the_same_alone_and_among_others(self, trained: Trained, texts: list[str]) -> None:
        together = trained.model.propose_all(texts)

        for text, proposal in zip(texts, together, strict=True):
            alone = trained.model.propose(text)
            assert alone.top3[0][1] == pytest.approx(proposal.top3[0][1], abs=0.002)
            assert alone.confident == proposal.confident

    def test_shows_the_nearest_precedents(self, trained: Trained) -> None:
        found = trained.model.nearest("第3次反映，老板拖欠工资不发", 4)

        assert len(found) == 4
        assert {one.category for one in found} == {"工资"}
        assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
        assert trained.model.nearest("qwertz") == []

    def test_finds_a_message_it_was_trained_on_first(self, trained: Trained) -> None:
        message = made()[20]

        nearest = trained.model.nearest(message.text, 1)[0]

        assert nearest.likeness == pytest.approx(1, abs=0.001)
        assert nearest.category == message.label

    def test_learns_the_same_from_the_same_messages(self, trained: Trained) -> None:
        again = train(made())

        assert np.array_equal(again.model.scorer.weighted, trained.model.scorer.weighted)
        assert again.model.limits == trained.model.limits


class TestTrain:
    @pytest.mark.parametrize("rows", [made(["医保"]), [*made(["医保", "工资"]), made(["路灯"])[0]]], ids=["one", "few"])
    def test_refuses_messages_that_teach_nothing(self, rows: list[Message]) -> None:
        with pytest.raises(CannotTrain):
            train(rows)

    def test_spreads_each_category_over_the_parts(self) -> None:
        kinds = np.array([0] * 11 + [1] * 6)

        given_parts = parts_of(kinds)

        for kind in (0, 1):
            sizes = np.bincount(given_parts[kinds == kind], minlength=5)
            assert sizes.max() - sizes.min() <= 1


class TestEvaluate:
    def test_measures_the_illustrative_messages_far_above_chance(self) -> None:
        rows = read_messages(DEMO, labelled=True)
        parts = parts_of(np.array([hash_of(one.label) for one in rows]), parts=4)

        report = evaluate(
            train([one for one, part in zip(rows, parts, strict=True) if part]).model,
            [one for one, part in zip(rows, parts, strict=True) if not part],
        )

        assert report["macro_f1"] > 0.25  # ten categories: chance is 0.1; quarters were 0.40 to 0.68 when written
        assert report["top3"] >= report["accuracy"]
        assert set(report) >= {
            "accuracy",
            "macro_f1",
            "per_class",
            "docs_per_second",
            "top3",
            "calibration",
            "confident",
        }
        assert sum(one["texts"] for one in report["calibration"]["bins"]) == report["texts"]
        json.dumps(report)

    def test_counts_strangers_apart(self, trained: Trained) -> None:
        strangers = [Message("x", "", "qwertz asdf", label="别的"), Message("y", "", "医保报销门诊药费", label="别的")]

        report = evaluate(trained.model, [*made(), *strangers])

        assert report["outside"] == {"texts": 2, "abstained": 1}
        assert report["texts"] == len(made())
        assert report["accuracy"] == 1

    def test_answers_each_message_by_a_model_that_never_saw_it(self) -> None:
        rows = read_messages(DEMO, labelled=True)[:120]
        rows = [one for one in rows if sum(other.label == one.label for other in rows) >= 5]
        labels = sorted({one.label for one in rows})
        given = parts_of(np.array([labels.index(one.label) for one in rows]), parts=3, seed=4)

        report = evaluate_in_parts(rows, parts=3, seed=4)

        right = 0  # the slow way: whole models, one message at a time
        for part in range(3):
            model = train([one for one, mine in zip(rows, given, strict=True) if mine != part]).model
            asked = [one for one, mine in zip(rows, given, strict=True) if mine == part]
            right += sum(model.propose(one.text).category == one.label for one in asked)
        assert report["accuracy"] == round(right / len(rows), 4) < 1
        assert (report["parts"], report["seed"], report["texts"]) == (3, 4, len(rows))

    def test_hides_each_category_once(self, trained: Trained) -> None:
        found = hidden_categories(trained.model, made(), made())

        assert [(one.category, one.texts) for one in found] == [(name, 15) for name in sorted(THINGS)]
        assert all(0 <= one.abstained <= one.texts for one in found)


class TestCalibration:
    @given(arrays(np.float64, (4, 3), elements=st.floats(-5, 5)), st.floats(0.5, 20))
    def test_gives_distributions_in_the_order_of_the_margins(self, margins: np.ndarray, sharpness: float) -> None:
        chances = probabilities(margins, sharpness)

        assert np.allclose(chances.sum(axis=1), 1)
        assert np.allclose(np.take_along_axis(chances, margins.argmax(1)[:, None], 1)[:, 0], chances.max(1))

    @given(
        st.lists(st.tuples(st.sampled_from([0.55, 0.6, 0.7, 0.8, 0.9, 0.99]), st.booleans()), min_size=1, max_size=60),
        st.sampled_from([0.6, 0.8, 0.95]),
    )
    def test_thresholds_keep_the_declared_precision_and_are_the_lowest(
        self, answers: list[tuple[float, bool]], precision: float
    ) -> None:
        chances = np.array([[said, 1 - said] for said, _ in answers])
        kinds = np.array([0 if right else 1 for _, right in answers])

        threshold = thresholds(chances, kinds, precision=precision)[0]

        # The slow way: try every value that occurs.
        good = []
        for one in {said for said, _ in answers}:
            above = [right for said, right in answers if said >= one]
            if len(above) >= 10 and sum(above) / len(above) >= precision:
                good.append(one)
        assert threshold == pytest.approx(min(good, default=NEVER))

    def test_finds_the_sharpness_that_made_the_answers(self) -> None:
        chance = np.random.default_rng(3)
        margins = chance.normal(size=(4000, 3))
        kinds = np.array([chance.choice(3, p=row) for row in probabilities(margins, 3.0)])

        assert fit_sharpness(margins, kinds) == pytest.approx(3.0, rel=0.1)

    def test_an_honest_model_has_no_error_and_a_boaster_has(self) -> None:
        said = [0.75] * 400

        assert calibration_error(reliability(said, [True] * 300 + [False] * 100)) == 0
        assert calibration_error(reliability(said, [True] * 100 + [False] * 300)) == 0.5


class TestFiles:
    def test_keeps_a_model_as_it_was(self, trained: Trained, tmp_path: Path) -> None:
        save(trained.model, tmp_path)

        again = load(tmp_path)

        for text in ("医保报销", "路灯", "", "老板不发工资"):
            assert again.propose(text) == trained.model.propose(text)
            assert again.nearest(text) == trained.model.nearest(text)

    def test_keeps_no_fragment_of_a_text(self, trained: Trained, tmp_path: Path) -> None:
        save(trained.model, tmp_path)

        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        for fragment in ("拖欠", "门诊", "夜里"):
            assert fragment.encode() not in kept
            assert fragment.encode("utf-32-le") not in kept

    @pytest.mark.parametrize("damage", ["flip", "cut", "words", "pickle", "gone"])
    def test_refuses_a_damaged_model(self, trained: Trained, tmp_path: Path, damage: str) -> None:
        save(trained.model, tmp_path)
        weights, words = tmp_path / "weights.npz", tmp_path / "model.json"
        whole = weights.read_bytes()
        if damage == "flip":
            weights.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
        elif damage == "cut":
            weights.write_bytes(whole[:-100])
        elif damage == "words":
            words.write_text(words.read_text()[:-20])
        elif damage == "pickle":
            np.savez(weights, plain=np.array([object()], dtype=object))
        else:
            weights.unlink()

        with pytest.raises(CannotLoadModel):
            load(tmp_path)

    def test_never_unpickles_even_under_a_right_checksum(self, trained: Trained, tmp_path: Path) -> None:
        save(trained.model, tmp_path)
        weights, words = tmp_path / "weights.npz", tmp_path / "model.json"
        with np.load(weights) as kept:
            changed = {**kept, "plain": np.array([{"a": 1}], dtype=object)}
        np.savez(weights, **changed)
        words.write_text(json.dumps({**json.loads(words.read_text()), "sha256": checksum(weights)}))

        with pytest.raises(CannotLoadModel):
            load(tmp_path)


class TestVersions:
    @pytest.fixture
    def versions(self, tmp_path: Path) -> Versions:
        return Versions(tmp_path / "model")

    def test_has_no_model_before_the_first_training(self, versions: Versions) -> None:
        assert versions.current() is None
        assert versions.all() == []
        with pytest.raises(CannotUseVersion):
            versions.roll_back()

    def test_learns_a_correction_and_goes_back(self, versions: Versions) -> None:
        first = versions.retrain(made(["医保", "工资"]), now=NOW)
        second = versions.retrain(made(), now=NOW)

        assert [one.number for one in versions.all()] == [1, 2]
        assert versions.current().propose("路灯坏了夜里很黑").category == "路灯"

        assert versions.roll_back().number == first.number
        assert set(versions.current().categories) == {"医保", "工资"}
        assert versions.roll_back(second.number).number == second.number
        assert versions.current_number() == 2

    def test_keeps_an_evaluation_on_messages_held_out(self, versions: Versions) -> None:
        version = versions.retrain(made(), now=NOW)

        assert version.messages == 45
        assert version.trained_at == NOW.isoformat()
        assert version.evaluation["macro_f1"] == 1
        assert version.evaluation["calibration"]["bins"]

    def test_a_failed_training_leaves_the_current_version(self, versions: Versions) -> None:
        versions.retrain(made(), now=NOW)

        with pytest.raises(CannotTrain):
            versions.retrain(made(["医保"]), now=NOW)

        assert versions.current_number() == 1
        assert sorted(one.name for one in versions.folder.iterdir()) == ["000001", "current"]

    def test_refuses_to_go_back_to_a_damaged_version(self, versions: Versions) -> None:
        versions.retrain(made(["医保", "工资"]), now=NOW)
        versions.retrain(made(), now=NOW)
        (versions.folder / "000001" / "weights.npz").write_bytes(b"")

        with pytest.raises(CannotLoadModel):
            versions.roll_back()
        assert versions.current_number() == 2

    def test_only_the_service_may_look_into_the_folder(self, versions: Versions) -> None:
        versions.retrain(made(), now=NOW)

        assert versions.folder.stat().st_mode & 0o077 == 0


def hash_of(label: str) -> int:
    return sum(ord(letter) for letter in label)
