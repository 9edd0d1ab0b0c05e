package commet

import (
	"context"
	"time"
)

// RecordWaits replaces the waiting of a client, so that tests never sleep, and its chance, where one is given.
func RecordWaits(client *Client, waited *[]time.Duration, chance func() float64) {
	client.core.timing.wait = func(_ context.Context, delay time.Duration) error {
		*waited = append(*waited, delay)
		return nil
	}
	if chance != nil {
		client.core.timing.chance = chance
	}
}
