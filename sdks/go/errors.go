package commet

import (
	"fmt"
	"strings"
	"time"
)

// Error says that the server answered, and the answer was no, or was none of the API's. The latter have the codes
// INVALID_JSON, EMPTY_RESPONSE, UNEXPECTED_REDIRECT and UNEXPECTED_RESPONSE.
type Error struct {
	// Message is for people, and changes.
	Message string
	// Code is the reason, such as customer_not_found. Branch on this.
	Code string
	// Type is the family of the code: validation_error, not_found_error, conflict_error, …
	Type string
	// StatusCode of the HTTP answer.
	StatusCode int
	// Param is the one field at fault, where there is one.
	Param string
	// Details is what the server added; its shape depends on the code. Numbers in it are json.Number.
	Details any
	// DocURL is the page that explains the code.
	DocURL string
	// RequestID finds the call in the server's log.
	RequestID string
	// RetryAfter is how long the server asked to wait; 0 where it did not say so in seconds.
	RetryAfter time.Duration
}

// APIError is Error, under the name that ValidationError embeds it by.
type APIError = Error

func (e *Error) Error() string {
	facts := []string{e.Code, fmt.Sprintf("status %d", e.StatusCode)}
	if e.RequestID != "" {
		facts = append(facts, "request "+e.RequestID)
	}
	return fmt.Sprintf("commet: %s (%s)", e.Message, strings.Join(facts, ", "))
}

// ValidationError says which fields of the request were bad. errors.As finds it as *Error too.
type ValidationError struct {
	*APIError
	// ValidationErrors maps the path of a field on the wire (address.postalCode) to what was wrong with it.
	ValidationErrors map[string][]string
}

// Unwrap gives the *Error.
func (e *ValidationError) Unwrap() error { return e.APIError }

// ConnectionError says that no complete answer arrived: refused, reset, unresolvable.
type ConnectionError struct {
	// Code is CONNECTION_ERROR, or TIMEOUT within a TimeoutError.
	Code    string
	Message string
	// Err is the cause.
	Err error
}

func (e *ConnectionError) Error() string { return "commet: " + e.Message }

// Unwrap gives the cause.
func (e *ConnectionError) Unwrap() error { return e.Err }

// TimeoutError says that no complete answer arrived in time. errors.As finds it as *ConnectionError too.
type TimeoutError struct {
	*ConnectionError
}

// Unwrap gives the *ConnectionError.
func (e *TimeoutError) Unwrap() error { return e.ConnectionError }

// Timeout is true, as net.Error wants it.
func (e *TimeoutError) Timeout() bool { return true }

// ArgumentError says that an argument is wrong; nothing was sent.
type ArgumentError struct {
	Message string
}

func (e *ArgumentError) Error() string { return "commet: " + e.Message }

func wrongArgument(format string, values ...any) error {
	return &ArgumentError{Message: fmt.Sprintf(format, values...)}
}
