package commet

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const defaultTolerance = 5 * time.Minute

// ErrWebhook says that a delivery does not verify, or is no JSON object.
var ErrWebhook = errors.New("commet: the webhook delivery does not verify")

// WebhookVerifier checks that a webhook delivery really comes from the Commet server. Its zero value is ready: it needs no
// API key. It remembers nothing: tell repeated deliveries by the id of the event.
type WebhookVerifier struct{}

// Verify says whether signature (the X-Commet-Signature header) is that of the raw body: the hex HMAC-SHA256 under the
// endpoint's secret (whsec_…, prefix included), compared in constant time. False when anything is empty or malformed.
func (WebhookVerifier) Verify(payload, signature, secret string) bool {
	given, err := hex.DecodeString(signature)
	if err != nil || len(given) != sha256.Size || payload == "" || secret == "" {
		return false
	}
	return hmac.Equal(given, sign([]byte(secret), payload))
}

// VerifyAndParse gives the event of a delivery that verifies, and ErrWebhook for any other. Numbers are json.Number.
func (v WebhookVerifier) VerifyAndParse(rawBody, signature, secret string) (map[string]any, error) {
	if !v.Verify(rawBody, signature, secret) {
		return nil, ErrWebhook
	}
	return parseEvent(rawBody)
}

// WebhookOption changes how a Standard Webhooks delivery is verified.
type WebhookOption func(*webhookSettings)

type webhookSettings struct {
	tolerance time.Duration
	now       time.Time
}

// WithTolerance says how far the timestamp may lie from now, before or after. Default: 5 minutes.
func WithTolerance(tolerance time.Duration) WebhookOption {
	return func(s *webhookSettings) { s.tolerance = tolerance }
}

// WithNow replaces the clock.
func WithNow(now time.Time) WebhookOption {
	return func(s *webhookSettings) { s.now = now }
}

// VerifyStandard says whether the delivery verifies under Standard Webhooks (headers webhook-id, webhook-timestamp and
// webhook-signature). One good signature of several is enough, so that a secret can be rotated. False when the timestamp is
// too far from now, and for anything empty or malformed.
func (WebhookVerifier) VerifyStandard(payload string, headers http.Header, secret string, options ...WebhookOption) bool {
	chosen := webhookSettings{tolerance: defaultTolerance, now: time.Now()}
	for _, option := range options {
		option(&chosen)
	}
	id, timestamp := header(headers, "webhook-id"), header(headers, "webhook-timestamp")
	key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 || payload == "" || id == "" || !isFresh(timestamp, chosen) {
		return false
	}
	expected := sign(key, id+"."+timestamp+"."+payload)
	for _, entry := range strings.Split(header(headers, "webhook-signature"), " ") {
		encoded, isFirstVersion := strings.CutPrefix(entry, "v1,")
		given, err := base64.StdEncoding.DecodeString(encoded)
		if isFirstVersion && err == nil && hmac.Equal(given, expected) {
			return true
		}
	}
	return false
}

// VerifyAndParseStandard gives the event of a delivery that VerifyStandard accepts, and ErrWebhook for any other.
func (v WebhookVerifier) VerifyAndParseStandard(
	rawBody string, headers http.Header, secret string, options ...WebhookOption,
) (map[string]any, error) {
	if !v.VerifyStandard(rawBody, headers, secret, options...) {
		return nil, ErrWebhook
	}
	return parseEvent(rawBody)
}

var wholeSeconds = regexp.MustCompile(`^[0-9]{1,15}$`)

func isFresh(timestamp string, chosen webhookSettings) bool {
	if !wholeSeconds.MatchString(timestamp) {
		return false
	}
	sent, err := strconv.ParseInt(timestamp, 10, 64)
	now := float64(chosen.now.UnixNano()) / float64(time.Second)
	return err == nil && math.Abs(now-float64(sent)) <= chosen.tolerance.Seconds()
}

func sign(key []byte, message string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(message))
	return mac.Sum(nil)
}

// header finds a name in any case: http.Header.Get misses names that were not written the canonical way.
func header(headers http.Header, name string) string {
	for given, values := range headers {
		if strings.EqualFold(given, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

func parseEvent(rawBody string) (map[string]any, error) {
	var event map[string]any
	if !json.Valid([]byte(rawBody)) || decode([]byte(rawBody), &event) != nil || event == nil {
		return nil, ErrWebhook
	}
	return event, nil
}
