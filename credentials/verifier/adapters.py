"""How the outbound client connects: to an address that was looked up before, under the name that TLS must prove."""

import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter_adapter import IPFilterAdapter

from credentials.verifier.locations import Location


class NamedAdapter(HTTPAdapter):
    """Connects to the address in the URL, and demands a certificate for the location's name there."""

    def __init__(self, location: Location, context: ssl.SSLContext, **options: Any) -> None:
        self._location, self._context = location, context
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make connections with our context."""
        super().init_poolmanager(*args, **options, ssl_context=self._context)

    def cert_verify(self, conn: Any, *_args: Any, **_options: Any) -> None:
        """Leave the authorities as they are in our context; the base class would add the public ones to them."""
        conn.cert_reqs = "CERT_REQUIRED"

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[Any, Any]:
        """Speak to the address of the URL by the name of the location."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        request.headers["Host"] = self._location.authority
        pool = {key: value for key, value in pool.items() if key not in ("ca_certs", "ca_cert_dir")}
        return host, pool | {"assert_hostname": self._location.host, "server_hostname": self._location.host}


class FilteringAdapter(NamedAdapter, IPFilterAdapter):  # type: ignore[misc] # the library has no types
    """As `NamedAdapter`, with the library's own table of private addresses as a second net."""

    def __init__(self, location: Location, context: ssl.SSLContext) -> None:
        super().__init__(location, context, is_https_proto=True)
