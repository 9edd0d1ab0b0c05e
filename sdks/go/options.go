package commet

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strings"
	"time"
)

const (
	defaultBaseURL = "http://localhost:3000"
	defaultTimeout = 30 * time.Second
	defaultRetries = 3
	longestTimeout = 1 << 31 * time.Millisecond
)

// settings are the options of a client, and of one call.
type settings struct {
	baseURL        string
	httpClient     *http.Client
	apiVersion     string
	timeout        time.Duration
	retries        int
	idempotencyKey string
	hasKey         bool
}

// Option is an option of New.
type Option interface{ applyToClient(*settings) }

// CallOption is an option of one call; it overrides the client's.
type CallOption interface{ applyToCall(*settings) }

// SharedOption is an option of New and of one call alike.
type SharedOption interface {
	Option
	CallOption
}

type clientOption func(*settings)

func (o clientOption) applyToClient(s *settings) { o(s) }

type callOption func(*settings)

func (o callOption) applyToCall(s *settings) { o(s) }

type sharedOption func(*settings)

func (o sharedOption) applyToClient(s *settings) { o(s) }
func (o sharedOption) applyToCall(s *settings)   { o(s) }

// WithBaseURL says where the server is; a path in it is kept. Default: COMMET_BASE_URL, else http://localhost:3000.
func WithBaseURL(baseURL string) Option {
	return clientOption(func(s *settings) { s.baseURL = baseURL })
}

// WithHTTPClient replaces http.DefaultClient, for proxies, certificates and tracing. Its redirects and cookies are not used.
func WithHTTPClient(client *http.Client) Option {
	return clientOption(func(s *settings) { s.httpClient = client })
}

// WithAPIVersion asks for another version of the API, YYYY-MM-DD.
func WithAPIVersion(version string) SharedOption {
	return sharedOption(func(s *settings) { s.apiVersion = version })
}

// WithTimeout limits one attempt, reading the answer included. Default: 30 seconds. The context limits the whole call.
func WithTimeout(timeout time.Duration) SharedOption {
	return sharedOption(func(s *settings) { s.timeout = timeout })
}

// WithRetries says how many attempts may follow the first. Default: 3.
func WithRetries(retries int) SharedOption {
	return sharedOption(func(s *settings) { s.retries = retries })
}

// WithIdempotencyKey makes a write safe to repeat, also after a restart of your process: 1 to 255 printable characters.
// Without it, a write that may be retried gets a key of its own.
func WithIdempotencyKey(key string) CallOption {
	return callOption(func(s *settings) { s.idempotencyKey, s.hasKey = key, true })
}

func (s *settings) check() error {
	if s.timeout <= 0 || s.timeout > longestTimeout {
		return wrongArgument("timeout is above 0 and up to %s; got %s", longestTimeout, s.timeout)
	}
	if s.retries < 0 {
		return wrongArgument("retries is 0 or more; got %d", s.retries)
	}
	if err := checkHeader("apiVersion", s.apiVersion); err != nil {
		return err
	}
	if s.hasKey {
		return checkHeader("idempotencyKey", s.idempotencyKey)
	}
	return nil
}

var headerText = regexp.MustCompile(`^[\x20-\x7e]{1,255}$`)

// Refused here, so that it is not mistaken for a network failure and retried.
func checkHeader(option, value string) error {
	if !headerText.MatchString(value) {
		return wrongArgument("%s is 1 to 255 printable ASCII characters", option)
	}
	return nil
}

var keyShape = regexp.MustCompile(`^ck_[\x21-\x7e]+$`)

func checkedKey(given string) (string, error) {
	key := strings.TrimSpace(given)
	if key == "" {
		return "", wrongArgument("API key is required")
	}
	if !keyShape.MatchString(key) {
		return "", wrongArgument("invalid API key format, expected format: ck_xxx...")
	}
	return key, nil
}

func environmentBaseURL() string {
	if value := os.Getenv("COMMET_BASE_URL"); value != "" {
		return value
	}
	return defaultBaseURL
}

func checkedBaseURL(given string) (string, error) {
	address, err := url.Parse(given)
	if err != nil || (address.Scheme != "http" && address.Scheme != "https") || address.Hostname() == "" {
		return "", wrongArgument("the base URL is an http or https address such as %s", defaultBaseURL)
	}
	if address.User != nil || strings.ContainsAny(given, "?#") {
		return "", wrongArgument("the base URL carries no user, password, query or fragment")
	}
	return address.Scheme + "://" + address.Host + strings.TrimRight(address.EscapedPath(), "/"), nil
}

func userAgent() string {
	version := strings.TrimPrefix(strings.Fields(runtime.Version() + " ")[0], "go")
	return "commet-go/" + Version + " go/" + version + " " + runtime.GOOS + "/" + runtime.GOARCH
}
