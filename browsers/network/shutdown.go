package network

import (
	"context"
	"errors"
)

// Shutdown takes no new connections, waits for the requests that are under way until the context ends, and closes the door.
func (d *Door) Shutdown(ctx context.Context) error {
	return errors.Join(d.server.Shutdown(ctx), d.Close())
}
