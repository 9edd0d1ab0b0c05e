package commet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// answer is an HTTP answer, read to its end.
type answer struct {
	status     int
	body       []byte
	requestID  string
	retryAfter string
	location   string
}

type object = map[string]json.RawMessage

// read gives the parsed fields of a success (nil where it is no object), or the error that the answer is.
// The class of an error is told by its code and details, never by the status alone.
func (a *answer) read() (object, error) {
	if a.status >= 300 && a.status <= 399 {
		// Following would hand the API key to another address.
		target := ""
		if a.location != "" {
			target = " to " + a.location
		}
		return nil, a.unreadable("UNEXPECTED_REDIRECT", "The server redirects"+target+"; set the base URL to the final address")
	}
	a.body = bytes.TrimSpace(bytes.TrimPrefix(a.body, []byte("\xef\xbb\xbf")))
	if len(a.body) == 0 {
		return nil, a.unreadable("EMPTY_RESPONSE", fmt.Sprintf("The server answered %d with an empty body", a.status))
	}
	if !json.Valid(a.body) {
		message := fmt.Sprintf("The server answered %d with a body that is not JSON", a.status)
		return nil, a.unreadable("INVALID_JSON", message)
	}
	fields := objectOf(a.body)
	refused := string(fields["success"]) == "false" && objectOf(fields["error"]) != nil
	if a.status < 200 || a.status > 299 || refused {
		return nil, a.refusal(fields)
	}
	return fields, nil
}

func (a *answer) unreadable(code, message string) error {
	return &Error{
		Message: message, Code: code, Type: "api_error",
		StatusCode: a.status, RequestID: a.requestID, RetryAfter: seconds(a.retryAfter),
	}
}

// data is what is in { success, data }; later versions send it bare.
func (a *answer) data(fields object) json.RawMessage {
	if inner, enveloped := fields["data"]; enveloped && string(fields["success"]) == "true" {
		return inner
	}
	return a.body
}

func (a *answer) refusal(fields object) error {
	reported := reportedError(fields)
	refusal := &Error{
		Message:    orElse(text(reported["message"]), fmt.Sprintf("Request failed with status %d", a.status)),
		Code:       orElse(text(reported["code"]), "unknown"),
		Type:       orElse(text(reported["type"]), "api_error"),
		StatusCode: a.status,
		Param:      text(reported["param"]),
		Details:    reported["details"],
		DocURL:     text(reported["doc_url"]),
		RequestID:  a.requestID,
		RetryAfter: seconds(a.retryAfter),
	}
	details, isList := refusal.Details.([]any)
	if refusal.Code != "validation_error" || !isList {
		return refusal
	}
	return &ValidationError{APIError: refusal, ValidationErrors: byField(details)}
}

// reportedError is nested since 2026-05-25; flat before; { message, errors: { field: [] } } at first.
func reportedError(fields object) map[string]any {
	if nested, isObject := free(fields["error"]).(map[string]any); isObject {
		return nested
	}
	reported := make(map[string]any, len(fields))
	for name, value := range fields {
		reported[name] = free(value)
	}
	if errors, isObject := reported["errors"].(map[string]any); isObject && reported["code"] == nil {
		reported["code"], reported["type"] = "validation_error", "validation_error"
		reported["details"] = entries(fields["errors"], errors)
	}
	if reported["message"] == nil {
		reported["message"] = reported["error"]
	}
	return reported
}

func entries(raw json.RawMessage, errors map[string]any) []any {
	details := []any{}
	for _, field := range keysInOrder(raw) {
		messages, isList := errors[field].([]any)
		if !isList {
			messages = []any{errors[field]}
		}
		for _, message := range messages {
			details = append(details, map[string]any{"field": field, "message": fmt.Sprint(message)})
		}
	}
	return details
}

// keysInOrder gives the names of a JSON object as they were sent; a Go map forgets that.
func keysInOrder(raw json.RawMessage) []string {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return nil
	}
	var names []string
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return names
		}
		var skipped json.RawMessage
		if err := decoder.Decode(&skipped); err != nil {
			return names
		}
		names = append(names, fmt.Sprint(name))
	}
	return names
}

func byField(details []any) map[string][]string {
	found := map[string][]string{}
	for _, detail := range details {
		if entry, isObject := detail.(map[string]any); isObject {
			field := text(entry["field"])
			found[field] = append(found[field], orElse(text(entry["message"]), "is invalid"))
		}
	}
	return found
}

var plainSeconds = regexp.MustCompile(`^[0-9]{1,15}(\.[0-9]*)?$`)

// seconds reads numbers only: the date form says when by the server's clock, which need not be ours.
func seconds(header string) time.Duration {
	header = strings.TrimSpace(header)
	if !plainSeconds.MatchString(header) {
		return 0
	}
	value, err := strconv.ParseFloat(header, 64)
	if err != nil {
		return 0
	}
	return time.Duration(min(value, math.MaxInt64/2/float64(time.Second)) * float64(time.Second))
}

func objectOf(raw json.RawMessage) object {
	var fields object
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	return fields
}

// free decodes JSON of no known shape; numbers keep their digits.
func free(raw json.RawMessage) any {
	var value any
	if decode(raw, &value) != nil {
		return nil
	}
	return value
}

func decode(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil && err != io.EOF {
		return err
	}
	return nil
}

func text(value any) string {
	found, _ := value.(string)
	return found
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func readAnswer(response *http.Response, redact func(string) string) (*answer, error) {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 400 {
		body = []byte(redact(string(body)))
	}
	return &answer{
		status:     response.StatusCode,
		body:       body,
		requestID:  response.Header.Get("X-Request-Id"),
		retryAfter: response.Header.Get("Retry-After"),
		location:   response.Header.Get("Location"),
	}, nil
}
