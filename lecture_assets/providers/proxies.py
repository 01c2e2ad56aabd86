"""The proxy for a URL, from HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY as `urllib.request` reads them."""

from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from lecture_assets.graph.errors import Fault, WrongInputError

_SCHEMES = frozenset({"http", "https"})


def proxy_of(url: str) -> str | None:
    """Return the proxy for a URL; None for no proxy. WrongInputError if the variable does not hold a usable proxy."""
    proxies = getproxies_environment()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    variable = parts.scheme if proxies.get(parts.scheme) else "all"
    proxy = proxies.get(variable)
    if not proxy or proxy_bypass_environment(parts.netloc.rpartition("@")[2], proxies):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not _is_one(proxy):
        scheme = proxy.partition("://")[0]
        found, allowed = f"a proxy with the scheme {scheme!r}", "http://HOST:PORT or https://HOST:PORT (NO_PROXY exempts a host)"
        raise WrongInputError([Fault(f"{variable.upper()}_PROXY", found, allowed)])
    return proxy


def _is_one(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
