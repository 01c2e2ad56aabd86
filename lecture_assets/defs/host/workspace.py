"""The workspace of webserver and daemon: the code location, and how often it is asked whether it is still the same server.

Dagster asks every second, each time over a new connection: a third of what an idle server costs.
"""

from lecture_assets.defs.dagster_internals import (
    GrpcServerCodeLocationOrigin,
    LocationStateChangeEvent,
    LocationStateChangeEventType,
    WorkspaceProcessContext,
    create_grpc_watch_thread,
)

_ASK_S = 5.0


class LecturesWorkspace(WorkspaceProcessContext):
    """Dagster's, which notices within 5 s that a code server was replaced or is gone."""

    def _start_watch_thread(self, origin: GrpcServerCodeLocationOrigin) -> None:
        name, kinds = origin.location_name, LocationStateChangeEventType

        def tell(kind: LocationStateChangeEventType, message: str, server_id: str | None = None) -> None:
            self._send_state_event_to_subscribers(LocationStateChangeEvent(kind, name, message, server_id))

        shutdown, thread = create_grpc_watch_thread(
            name,
            origin.create_client(),
            get_location_entry=self._get_location_entry_without_locking,
            refresh_code_location=self.refresh_code_location,
            on_updated=lambda _, server_id: tell(kinds.LOCATION_UPDATED, "Server has been updated.", server_id),
            on_error=lambda _: tell(kinds.LOCATION_ERROR, "Unable to reconnect to server. Reload it once it is reachable again"),
            on_disconnect=lambda _: tell(kinds.LOCATION_DISCONNECTED, "Disconnected from the server."),
            on_reconnected=lambda _: tell(kinds.LOCATION_RECONNECTED, "Reconnected to the server."),
            watch_interval=_ASK_S,
        )
        self._watch_thread_shutdown_events[name], self._watch_threads[name] = shutdown, thread
        thread.start()
