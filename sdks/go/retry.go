package commet

import (
	"context"
	"errors"
	"math/rand"
	"net/http"
	"time"
)

const (
	firstBackoff      = time.Second
	longestBackoff    = 8 * time.Second
	longestRetryAfter = 30 * time.Second
	jitterShare       = 0.25
)

// timing is where time and chance come from; tests replace it, so that they never sleep.
type timing struct {
	wait   func(context.Context, time.Duration) error
	chance func() float64
}

var realTiming = timing{wait: sleep, chance: rand.Float64}

func sleep(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retryDelay is how long to wait after failed attempt number attempt (from 0), and whether another one is worth it.
func retryDelay(err error, attempt int, chance float64) (time.Duration, bool) {
	var connection *ConnectionError
	if errors.As(err, &connection) {
		return backoff(attempt, chance), true
	}
	var refusal *Error
	if !errors.As(err, &refusal) {
		return 0, false
	}
	if refusal.RetryAfter > 0 && (refusal.StatusCode == http.StatusTooManyRequests || isTransient(refusal)) {
		return min(refusal.RetryAfter, longestRetryAfter), true
	}
	return backoff(attempt, chance), isTransient(refusal)
}

func isTransient(refusal *Error) bool {
	switch refusal.StatusCode {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusTooManyRequests:
		return false
	}
	// The first attempt may still be running on the server; its answer is there a moment later.
	return refusal.Code == "idempotency_in_progress"
}

// backoff is 1, 2, 4, 8, 8 … seconds, less up to a quarter so that clients cut off together do not return together.
func backoff(attempt int, chance float64) time.Duration {
	full := min(firstBackoff<<min(attempt, 10), longestBackoff)
	return time.Duration(float64(full) * (1 - jitterShare*chance))
}
