"""The page where a person logs in to Dagster's webserver with an operator's token. It loads nothing and runs nothing."""

from html import escape
from http import HTTPStatus

from starlette.responses import HTMLResponse

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Log in</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px system-ui;max-width:28rem;margin:15vh auto;padding:0 1rem}}
input,button{{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.5rem 0}}</style></head>
<body><h1>Log in</h1>
<form method="post" action="/lectures/login">
<label for="token">An access token with the role <code>operator</code></label>
<input id="token" name="token" type="password" autocomplete="off" required autofocus>
<input name="next" type="hidden" value="{next}">
<button>Log in</button></form>
<p>{said}</p>
<p><a href="{next}">Continue, if you are logged in</a></p>
</body></html>
"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_MAKE = "<code>lectures token create --role operator</code> prints one."
_REFUSED = f"This is no valid token with the role <code>operator</code>. {_MAKE}"


def login_page(wanted: str, *, refused: bool = False) -> HTMLResponse:
    """Return the page. wanted: the path to go to afterwards; refused: whether a token was given in vain."""
    page = _PAGE.format(next=escape(wanted, quote=True), said=_REFUSED if refused else _MAKE)
    return HTMLResponse(page, HTTPStatus.UNAUTHORIZED if refused else HTTPStatus.OK, _HEADERS)
