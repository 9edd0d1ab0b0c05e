package commet

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// core sends calls: their attempts, their time limits. It knows no resource.
// Every attempt of a call carries the same bytes and the same idempotency key.
type core struct {
	settings
	apiKey string
	apiURL string
	http   *http.Client
	timing timing
}

func newCore(apiKey string, options []Option) (*core, error) {
	key, err := checkedKey(apiKey)
	if err != nil {
		return nil, err
	}
	chosen := settings{
		baseURL: environmentBaseURL(), apiVersion: APIVersion, timeout: defaultTimeout, retries: defaultRetries,
	}
	for _, option := range options {
		option.applyToClient(&chosen)
	}
	baseURL, err := checkedBaseURL(chosen.baseURL)
	if err != nil {
		return nil, err
	}
	if err := chosen.check(); err != nil {
		return nil, err
	}
	return &core{
		settings: chosen, apiKey: key, apiURL: baseURL + "/api/v1",
		http: ownClient(chosen.httpClient), timing: realTiming,
	}, nil
}

// ownClient never follows a redirect, which would hand the key to another address, and keeps no cookies.
func ownClient(given *http.Client) *http.Client {
	own := http.Client{}
	if given != nil {
		own = *given
	}
	own.Jar = nil
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// redact takes the API key out of a text, should a server or a proxy ever echo it.
func (c *core) redact(text string) string {
	return strings.ReplaceAll(text, c.apiKey, "ck_[redacted]")
}

// call is one operation with its arguments.
type call struct {
	method string
	// pattern is the path below /api/v1; each {} stands for the next of ids.
	pattern string
	ids     []string
	query   url.Values
	body    any
	hasBody bool
}

// prepared is a call as every attempt sends it.
type prepared struct {
	settings
	method string
	url    string
	header http.Header
	body   []byte
}

func (c *core) send(ctx context.Context, call call, options []CallOption) (*answer, object, error) {
	request, err := c.prepare(call, options)
	if err != nil {
		return nil, nil, err
	}
	for attempt := 0; ; attempt++ {
		if ctx.Err() != nil {
			return nil, nil, contextError(ctx)
		}
		answer, fields, err := c.attempt(ctx, request)
		if err == nil {
			return answer, fields, nil
		}
		delay, worthIt := retryDelay(err, attempt, c.timing.chance())
		if !worthIt || attempt >= request.retries {
			return nil, nil, err
		}
		if c.timing.wait(ctx, delay) != nil {
			return nil, nil, contextError(ctx)
		}
	}
}

func (c *core) prepare(call call, options []CallOption) (*prepared, error) {
	chosen := c.settings
	for _, option := range options {
		option.applyToCall(&chosen)
	}
	if err := chosen.check(); err != nil {
		return nil, err
	}
	path, err := fillPath(call.pattern, call.ids)
	if err != nil {
		return nil, err
	}
	request := &prepared{settings: chosen, method: call.method, url: c.apiURL + path, header: c.header(call, chosen)}
	if len(call.query) > 0 {
		request.url += "?" + call.query.Encode()
	}
	if call.hasBody {
		if request.body, err = encodeBody(call.body); err != nil {
			return nil, err
		}
	}
	return request, nil
}

func (c *core) header(call call, chosen settings) http.Header {
	header := http.Header{}
	header.Set("Accept", "application/json")
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", userAgent())
	header.Set("X-Api-Key", c.apiKey)
	header.Set("Commet-Version", chosen.apiVersion)
	switch {
	case call.method == http.MethodGet:
	case chosen.hasKey:
		header.Set("Idempotency-Key", chosen.idempotencyKey)
	case chosen.retries > 0:
		header.Set("Idempotency-Key", "commet-go-retry-"+uuid())
	}
	return header
}

func (c *core) attempt(ctx context.Context, request *prepared) (*answer, object, error) {
	limited, cancel := context.WithTimeout(ctx, request.timeout)
	defer cancel()
	answer, err := c.exchange(limited, request)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, contextError(ctx)
		}
		return nil, nil, c.noAnswer(request, err, limited.Err() != nil)
	}
	fields, err := answer.read()
	return answer, fields, err
}

func (c *core) exchange(ctx context.Context, request *prepared) (*answer, error) {
	sent, err := http.NewRequestWithContext(ctx, request.method, request.url, bodyReader(request.body))
	if err != nil {
		return nil, err
	}
	sent.Header = request.header.Clone()
	response, err := c.http.Do(sent)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return readAnswer(response, c.redact)
}

func (c *core) noAnswer(request *prepared, cause error, expired bool) error {
	var slow interface{ Timeout() bool }
	if expired || (errors.As(cause, &slow) && slow.Timeout()) {
		message := fmt.Sprintf("no answer from the Commet server within %s", request.timeout)
		return &TimeoutError{&ConnectionError{Code: "TIMEOUT", Message: message, Err: cause}}
	}
	var wrapped *url.Error
	if errors.As(cause, &wrapped) {
		cause = wrapped.Err
	}
	message := "no answer from the Commet server: " + c.redact(cause.Error())
	return &ConnectionError{Code: "CONNECTION_ERROR", Message: message, Err: cause}
}

// contextError is what a call ends with when its context does: errors.Is finds context.Canceled or DeadlineExceeded.
func contextError(ctx context.Context) error {
	return fmt.Errorf("commet: %w", ctx.Err())
}

func bodyReader(body []byte) *bytes.Reader {
	return bytes.NewReader(body)
}

// fillPath encodes each identifier as one segment: what the server decodes is, byte for byte, what the caller gave.
func fillPath(pattern string, ids []string) (string, error) {
	path := pattern
	for _, id := range ids {
		switch {
		case id == "":
			return "", wrongArgument("an identifier in the path is not empty")
		case id == "." || id == "..":
			// Every URL parser folds these two away, encoded or not, so they would address another resource.
			return "", wrongArgument("no URL can carry the identifier %q; use the cus_… ID instead", id)
		case !utf8.ValidString(id):
			return "", wrongArgument("an identifier in the path is UTF-8")
		}
		path = strings.Replace(path, "{}", url.PathEscape(id), 1)
	}
	return path, nil
}

func uuid() string {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		// Nothing random is left in the machine; the time keeps keys apart at least.
		copy(random[:], time.Now().Format("150405.000000000"))
	}
	random[6] = random[6]&0x0f | 0x40
	random[8] = random[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", random[:4], random[4:6], random[6:8], random[8:10], random[10:])
}
