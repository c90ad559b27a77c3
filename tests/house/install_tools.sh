#!/bin/sh
# Installs what the browser, QR, PDF and MariaDB tests need. Without root or apt the tests that need a tool are skipped and say so.
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v zbarimg >/dev/null 2>&1 || missing="$missing zbar-tools"
command -v pdfsig >/dev/null 2>&1 || missing="$missing poppler-utils"
{ command -v mariadbd || test -x /usr/sbin/mariadbd; } >/dev/null 2>&1 || missing="$missing mariadb-server-core"
fc-list 2>/dev/null | grep -qiE "cjk|wqy|microhei" || missing="$missing fontconfig fonts-wqy-microhei"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing$missing" >&2
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
else
    echo "not installed (needs root):$missing; the tests that need them will be skipped" >&2
fi
exit 0
