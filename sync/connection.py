"""urllib3's connections under our watch: one at a time, opened, guarded and timed by `Watch`."""

import socket
import ssl
from typing import Any

from urllib3 import PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from sync.proxy import Proxy
from sync.watch import Watch


def pool_manager(watch: Watch, context: ssl.SSLContext | None, proxy: Proxy | None) -> PoolManager:
    """Keeps one connection, straight or through a proxy. context: for HTTPS; None where it is not spoken."""
    one: dict[str, Any] = {"num_pools": 1, "maxsize": 1, "ssl_context": context}
    if proxy is None:
        manager = PoolManager(**one)
    else:
        headers = {"Proxy-Authorization": proxy.authorization} if proxy.authorization else None
        manager = ProxyManager(proxy.address, proxy_headers=headers, **one)
    manager.pool_classes_by_scheme = _pool_classes(watch)
    return manager


def _pool_classes(watch: Watch) -> dict[str, type[HTTPConnectionPool]]:
    class Guarded(HTTPConnection):
        """A connection whose every wait ends at the watch's deadline."""

        def _new_conn(self) -> socket.socket:
            try:
                return watch.connect(self._dns_host, self.port, list(self.socket_options or []))
            except socket.gaierror as error:
                raise NameResolutionError(self.host, self, error) from error
            except TimeoutError as error:
                raise ConnectTimeoutError(self, "no connection in time") from error
            except OSError as error:
                raise NewConnectionError(self, type(error).__name__) from error

        def request(self, *words: Any, **options: Any) -> None:  # noqa: ANN401 as in urllib3
            if self.sock is not None:
                watch.guard(self.sock)
            self.timeout = watch.seconds_left  # for sending, where urllib3 would allow no more than to connect
            super().request(*words, **options)

    class GuardedTls(Guarded, HTTPSConnection):
        """The same, over TLS."""

    class Pool(HTTPConnectionPool):
        ConnectionCls = Guarded

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = GuardedTls

    return {"http": Pool, "https": TlsPool}
