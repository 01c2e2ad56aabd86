"""The lease of a worker service in the store: registered, renewed every 5 s, lost if that fails for 15 s."""

import time
from dataclasses import dataclass

from lecture_assets.runner.setup.context import Context
from lecture_assets.store import launched_runs, worker_services
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.worker_services import ServiceRole, WorkerServiceEntry

_RENEW_S = LEASE_S / 3
IDLE = ServiceRole(takes_runs=False, dispatches=False)


@dataclass
class ServiceLease:
    """The lease, and what the service is to do by it.

    steady_from: until then the service declares no other dead: after a failure of the database all leases have lapsed, and the
                 others need time to renew theirs
    """

    context: Context
    entry: WorkerServiceEntry
    role: ServiceRole = IDLE
    _is_registered: bool = False
    _renewed_at: float = 0.0
    _steady_from: float = 0.0

    def is_due(self) -> bool:
        """Whether it is time to renew it."""
        return time.monotonic() - self._renewed_at >= _RENEW_S

    def renew(self) -> bool:
        """Renew it, and take over the runs of dead services; False if this one had been declared dead, and is registered anew."""
        began = time.monotonic()
        lapsed = began - self._renewed_at >= LEASE_S
        with self.context.database.write() as connection:
            now = self.context.store_time(connection)
            is_known = self._is_registered and worker_services.renew(connection, self.entry.service, now)
            if not is_known:
                worker_services.register(connection, self.entry, now)
            role = worker_services.role_of(connection, self.entry, now)
            if is_known and not lapsed and began >= self._steady_from:
                launched_runs.take_over_dead(connection, self.entry.instance, self.entry.service, now)
        was_lost = self._is_registered and not is_known
        if lapsed or not is_known:
            self._steady_from = began + LEASE_S
        self.role, self._is_registered, self._renewed_at = role, True, began
        return not was_lost

    def drain(self) -> None:
        """Tell the others that this service takes no more runs."""
        with self.context.database.write() as connection:
            worker_services.drain(connection, self.entry.service)

    def leave(self) -> None:
        """Tell the others that this service is gone."""
        with self.context.database.write() as connection:
            worker_services.leave(connection, self.entry.service)
