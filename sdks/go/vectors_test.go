package commet_test

// Owns this library's walk through the shared vectors: every case, against a stub on the loopback.
// Does not know any case; spec/vectors/README.md says what the keys mean.
// Always: no case is skipped, and a key this runner does not know is an error.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commet-labs/commet-go"
)

type vectorFile struct {
	Topic string       `json:"topic"`
	About string       `json:"about"`
	Cases []vectorCase `json:"cases"`
}

type vectorCase struct {
	ID        string           `json:"id"`
	Purpose   string           `json:"purpose"`
	Kind      string           `json:"kind"`
	Client    vectorClient     `json:"client"`
	Call      vectorCall       `json:"call"`
	Exchanges []vectorExchange `json:"exchanges"`
	Waits     []vectorWait     `json:"waits"`
	Webhook   vectorWebhook    `json:"webhook"`
	Expect    vectorExpect     `json:"expect"`
	Server    json.RawMessage  `json:"server"`
}

type vectorClient struct {
	APIKey     json.RawMessage `json:"apiKey"`
	APIVersion *string         `json:"apiVersion"`
	Retries    *int            `json:"retries"`
	TimeoutMs  *int            `json:"timeoutMs"`
	BasePath   string          `json:"basePath"`
	BaseURL    *string         `json:"baseUrl"`
}

type vectorCall struct {
	Operation string `json:"operation"`
	Arguments object `json:"arguments"`
	Options   struct {
		IdempotencyKey *string `json:"idempotencyKey"`
	} `json:"options"`
	Iterate bool `json:"iterate"`
	Take    int  `json:"take"`
}

type vectorExchange struct {
	Request *vectorRequest `json:"request"`
	Again   bool           `json:"again"`
	Reply   struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
		Text    string            `json:"text"`
		Fault   string            `json:"fault"`
	} `json:"reply"`
}

type vectorRequest struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Query   map[string]string `json:"query"`
	Headers map[string]any    `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

type vectorWait struct{ min, max float64 }

func (w *vectorWait) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &w.min) == nil {
		w.max = w.min
		return nil
	}
	var bounds struct{ Min, Max float64 }
	err := strict(raw, &bounds)
	w.min, w.max = bounds.Min, bounds.Max
	return err
}

type vectorExpect struct {
	Result        object            `json:"result"`
	Error         object            `json:"error"`
	OpenFields    object            `json:"openFields"`
	ExactIntegers map[string]string `json:"exactIntegers"`
	Valid         bool              `json:"valid"`
	Event         any               `json:"event"`
}

type vectorWebhook struct {
	Scheme           string            `json:"scheme"`
	Secret           string            `json:"secret"`
	Payload          string            `json:"payload"`
	Signature        *string           `json:"signature"`
	Headers          map[string]string `json:"headers"`
	Now              *float64          `json:"now"`
	ToleranceSeconds *float64          `json:"toleranceSeconds"`
}

// strict refuses keys it does not know: a key nobody reads is a check nobody makes. Numbers keep their digits.
func strict(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func readVectors(t *testing.T) []vectorFile {
	t.Helper()
	names, err := filepath.Glob("../../spec/vectors/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	var files []vectorFile
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file vectorFile
		if err := strict(raw, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		files = append(files, file)
	}
	return files
}

func TestVectors(t *testing.T) {
	ids := map[string]bool{}
	automatic := map[string]string{}
	for _, file := range readVectors(t) {
		for _, vector := range file.Cases {
			if ids[vector.ID] || !strings.HasPrefix(vector.ID, file.Topic+"/") || len(vector.Purpose) < 10 {
				t.Errorf("%s: an ID of its own within its topic, and a purpose", vector.ID)
			}
			ids[vector.ID] = true
			t.Run(vector.ID, func(t *testing.T) { runVector(t, vector, automatic) })
		}
	}
	if len(ids) < 400 {
		t.Errorf("only %d cases", len(ids))
	}
}

func runVector(t *testing.T, vector vectorCase, automatic map[string]string) {
	switch vector.Kind {
	case "call":
		runCall(t, vector, automatic)
	case "client":
		_, err := newVectorClient(vector.Client, "http://127.0.0.1:1")
		checkError(t, vector.Expect.Error, err)
	case "webhook":
		runWebhook(t, vector.Webhook, vector.Expect)
	default:
		t.Fatalf("no runner for %s", vector.Kind)
	}
}

// ------------------------------------------------------------------------------------------------ calls

func runCall(t *testing.T, vector vectorCase, automatic map[string]string) {
	var replies []reply
	for _, exchange := range vector.Exchanges {
		given := exchange.Reply
		next := reply{status: given.Status, header: map[string]string{}, body: given.Text, fault: given.Fault}
		if given.Body != nil {
			next.body = string(given.Body)
			next.header["content-type"] = "application/json"
		}
		for name, value := range given.Headers {
			next.header[name] = value
		}
		replies = append(replies, next)
	}
	stub := newStub(t, append(replies, reply{status: 599, body: "No reply is left"})...)
	client, err := newVectorClient(vector.Client, stub.URL)
	if err != nil {
		t.Fatal(err)
	}
	var waited []time.Duration
	commet.RecordWaits(client, &waited, nil)
	result, err := makeCall(client, vector.Call)
	checkRequests(t, vector, stub.seen(), automatic)
	checkWaits(t, vector.Waits, waited)
	if vector.Expect.Error != nil {
		checkError(t, vector.Expect.Error, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, vector.Expect, result)
}

func newVectorClient(given vectorClient, stubURL string) (*commet.Client, error) {
	baseURL := stubURL + given.BasePath
	if given.BaseURL != nil {
		baseURL = *given.BaseURL
	}
	options := []commet.Option{commet.WithBaseURL(baseURL)}
	if given.APIVersion != nil {
		options = append(options, commet.WithAPIVersion(*given.APIVersion))
	}
	if given.Retries != nil {
		options = append(options, commet.WithRetries(*given.Retries))
	}
	if given.TimeoutMs != nil {
		options = append(options, commet.WithTimeout(time.Duration(*given.TimeoutMs)*time.Millisecond))
	}
	return commet.New(keyOf(given), options...)
}

// keyOf is the empty text where the vector says null: Go has no other way to give no key.
func keyOf(given vectorClient) string {
	key := testKey
	if given.APIKey != nil {
		key = ""
		_ = json.Unmarshal(given.APIKey, &key)
	}
	return key
}

// outcome is a response or a page, told in the names of the wire.
type outcome = object

// makeCall maps a vector's call onto the method a user would write.
func makeCall(client *commet.Client, made vectorCall) (outcome, error) {
	ctx, given := context.Background(), arguments{made.Arguments}
	var options []commet.CallOption
	if key := made.Options.IdempotencyKey; key != nil {
		options = append(options, commet.WithIdempotencyKey(*key))
	}
	switch made.Operation {
	case "customers.create":
		params := given.createCustomer()
		return responded(client.Customers.Create(ctx, &params, options...))
	case "customers.createBatch":
		customers := []commet.CreateCustomerParams{}
		for _, item := range made.Arguments["customers"].([]any) {
			customers = append(customers, arguments{item.(object)}.createCustomer())
		}
		key := ""
		if made.Options.IdempotencyKey != nil {
			key = *made.Options.IdempotencyKey
		}
		return responded(client.Customers.CreateBatch(ctx, customers, key))
	case "customers.get":
		return responded(client.Customers.Get(ctx, given.text("id"), options...))
	case "customers.update":
		return responded(client.Customers.Update(ctx, given.text("id"), given.updateCustomer(), options...))
	case "customers.delete":
		return responded(client.Customers.Delete(ctx, given.text("id"), options...))
	case "customers.list":
		if made.Iterate {
			return walked(client.Customers.ListAutoPaging(ctx, given.listCustomers()), made.Take)
		}
		return paged(client.Customers.List(ctx, given.listCustomers()))
	case "apiKeys.list":
		params := &commet.ListAPIKeysParams{Limit: given.number("limit"), Cursor: given.text("cursor")}
		if made.Iterate {
			return walked(client.APIKeys.ListAutoPaging(ctx, params), made.Take)
		}
		return paged(client.APIKeys.List(ctx, params))
	case "apiKeys.create":
		params := &commet.CreateAPIKeyParams{Name: given.text("name")}
		if _, isGiven := made.Arguments["expiresInDays"]; isGiven {
			params.ExpiresInDays = commet.Int64(int64(given.number("expiresInDays")))
		}
		return responded(client.APIKeys.Create(ctx, params, options...))
	case "apiKeys.delete":
		return responded(client.APIKeys.Delete(ctx, given.text("id"), options...))
	}
	return nil, fmt.Errorf("no method for %s", made.Operation)
}

type arguments struct{ given object }

var goNames = map[string]string{
	"email": "Email", "id": "ID", "externalId": "ExternalID", "fullName": "FullName", "taxDocument": "TaxDocument",
	"timezone": "Timezone", "address": "Address", "metadata": "Metadata",
}

func (a arguments) createCustomer() commet.CreateCustomerParams {
	return commet.CreateCustomerParams{
		Email: a.text("email"), ID: a.text("id"), ExternalID: a.text("externalId"), FullName: a.text("fullName"),
		TaxDocument: a.text("taxDocument"), Timezone: a.text("timezone"), Address: a.address(),
		Metadata: a.metadata(), NullFields: a.nulls(),
	}
}

func (a arguments) updateCustomer() *commet.UpdateCustomerParams {
	return &commet.UpdateCustomerParams{
		Email: a.text("email"), ExternalID: a.text("externalId"), FullName: a.text("fullName"),
		TaxDocument: a.text("taxDocument"), Timezone: a.text("timezone"), Address: a.address(),
		Metadata: a.metadata(), NullFields: a.nulls(),
	}
}

func (a arguments) listCustomers() *commet.ListCustomersParams {
	params := &commet.ListCustomersParams{
		Limit: a.number("limit"), Cursor: a.text("cursor"), Order: a.text("order"), ExternalID: a.text("externalId"),
		Email: a.text("email"), Search: a.text("search"),
		CreatedAfter: a.instant("createdAfter"), CreatedBefore: a.instant("createdBefore"),
	}
	for key, value := range a.metadata() {
		if params.Metadata == nil {
			params.Metadata = map[string]string{}
		}
		params.Metadata[key] = fmt.Sprint(value)
	}
	return params
}

func (a arguments) text(name string) string {
	found, _ := a.given[name].(string)
	return found
}

func (a arguments) number(name string) int {
	number, isNumber := a.given[name].(json.Number)
	if !isNumber {
		return 0
	}
	value, err := number.Int64()
	if err != nil {
		panic(err)
	}
	return int(value)
}

func (a arguments) instant(name string) time.Time {
	if a.text(name) == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, a.text(name))
	if err != nil {
		panic(err)
	}
	return at
}

func (a arguments) metadata() map[string]any {
	found, _ := a.given["metadata"].(object)
	return found
}

func (a arguments) address() *commet.Address {
	found, isObject := a.given["address"].(object)
	if !isObject {
		return nil
	}
	inner := arguments{found}
	return &commet.Address{
		Line1: inner.text("line1"), Line2: inner.text("line2"), City: inner.text("city"), State: inner.text("state"),
		PostalCode: inner.text("postalCode"), Country: inner.text("country"), Region: inner.text("region"),
	}
}

func (a arguments) nulls() []string {
	var fields []string
	for name, value := range a.given {
		if value == nil {
			fields = append(fields, goNames[name])
		}
	}
	return fields
}

func responded[T any](response *commet.Response[T], err error) (outcome, error) {
	if err != nil {
		return nil, err
	}
	return object{
		"data": onWire(response.Data), "status": response.StatusCode, "requestId": response.RequestID,
		"raw": onWire(response.Raw),
	}, nil
}

func paged[T any](page *commet.Page[T], err error) (outcome, error) {
	if err != nil {
		return nil, err
	}
	return object{
		"data": onWire(page.Data), "hasMore": page.HasMore, "nextCursor": page.NextCursor,
		"status": page.StatusCode, "requestId": page.RequestID,
	}, nil
}

func walked[T any](rows *commet.Iterator[T], take int) (outcome, error) {
	data := []T{}
	for rows.Next() {
		data = append(data, rows.Current())
		if len(data) == take {
			break
		}
	}
	if rows.Err() != nil {
		return nil, rows.Err()
	}
	return object{"data": onWire(data)}, nil
}

// onWire tells a model by its JSON annotations.
func onWire(model any) any {
	raw, err := json.Marshal(model)
	if err != nil {
		panic(err)
	}
	var value any
	if err := strict(raw, &value); err != nil {
		panic(err)
	}
	return value
}

// --------------------------------------------------------------------------------------------- requests

func checkRequests(t *testing.T, vector vectorCase, requests []seen, automatic map[string]string) {
	t.Helper()
	if len(requests) != len(vector.Exchanges) {
		t.Fatalf("%d requests, expected %d: %v", len(requests), len(vector.Exchanges), requests)
	}
	var first *vectorRequest
	for index, exchange := range vector.Exchanges {
		actual := requests[index]
		if exchange.Request != nil {
			first = orFirst(first, exchange.Request)
			checkRequest(t, exchange.Request, actual)
			checkHeaders(t, exchange.Request.Headers, actual.header)
		} else {
			if bytesOf(actual) != bytesOf(requests[0]) {
				t.Errorf("the retry differs:\n%s\n%s", bytesOf(actual), bytesOf(requests[0]))
			}
			checkHeaders(t, first.Headers, actual.header)
		}
		checkStandingRules(t, vector.Client, actual)
		key := actual.header.Get("Idempotency-Key")
		if owner, isKnown := automatic[key]; isKnown && owner != vector.ID {
			t.Errorf("an automatic key of %s", owner)
		}
		if strings.Contains(key, "-retry-") {
			automatic[key] = vector.ID
		}
	}
}

func orFirst(first, otherwise *vectorRequest) *vectorRequest {
	if first == nil {
		return otherwise
	}
	return first
}

func bytesOf(request seen) string {
	parts := []string{request.method, request.target, request.body}
	for _, name := range []string{"X-Api-Key", "Commet-Version", "Content-Type", "Idempotency-Key"} {
		parts = append(parts, fmt.Sprint(request.header[name]))
	}
	return strings.Join(parts, "\n")
}

func checkRequest(t *testing.T, expected *vectorRequest, actual seen) {
	t.Helper()
	path, rawQuery, _ := strings.Cut(actual.target, "?")
	if actual.method != expected.Method {
		t.Errorf("method %s, expected %s", actual.method, expected.Method)
	}
	if !slices.Equal(segments(t, path), segments(t, expected.Path)) {
		t.Errorf("path %s, expected %s", path, expected.Path)
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		t.Error(err)
	}
	pairs := map[string]string{}
	for name, values := range query {
		pairs[name] = strings.Join(values, " and ")
	}
	if len(pairs)+len(expected.Query) > 0 && !reflect.DeepEqual(pairs, expected.Query) {
		t.Errorf("query %v, expected %v", pairs, expected.Query)
	}
	if expected.Body == nil {
		if actual.body != "" {
			t.Errorf("a body: %s", actual.body)
		}
		return
	}
	var sent, wanted any
	if err := errors.Join(strict([]byte(actual.body), &sent), strict(expected.Body, &wanted)); err != nil {
		t.Error(err)
	}
	if !same(sent, wanted) {
		t.Errorf("body %s, expected %s", actual.body, expected.Body)
	}
}

func segments(t *testing.T, path string) []string {
	t.Helper()
	parts := strings.Split(path, "/")
	for index, part := range parts {
		decoded, err := url.PathUnescape(part)
		if err != nil {
			t.Error(err)
		}
		parts[index] = decoded
	}
	return parts
}

func checkHeaders(t *testing.T, rules map[string]any, header http.Header) {
	t.Helper()
	for name, rule := range rules {
		values := header.Values(name)
		value := strings.Join(values, ", ")
		switch rule := rule.(type) {
		case string:
			if value != rule || len(values) != 1 {
				t.Errorf("%s: %q, expected %q", name, value, rule)
			}
		case object:
			if rule["absent"] == true {
				if len(values) > 0 {
					t.Errorf("%s: %q, expected none", name, value)
				}
			} else if pattern := rule["matches"].(string); !regexp.MustCompile(pattern).MatchString(value) {
				t.Errorf("%s: %q does not match %s", name, value, pattern)
			}
		}
	}
}

func checkStandingRules(t *testing.T, client vectorClient, actual seen) {
	t.Helper()
	version := "2026-07-11"
	if client.APIVersion != nil {
		version = *client.APIVersion
	}
	rules := map[string]any{
		"x-api-key":               strings.TrimSpace(keyOf(client)),
		"accept":                  "application/json",
		"commet-version":          version,
		"user-agent":              object{"matches": `^commet-go/[0-9]+\.[0-9]+\.[0-9]+`},
		"commet-client-telemetry": object{"absent": true},
	}
	if actual.body != "" {
		rules["content-type"] = object{"matches": "^application/json(;|$)"}
	}
	if actual.method == http.MethodGet {
		rules["idempotency-key"] = object{"absent": true}
	}
	checkHeaders(t, rules, actual.header)
}

func checkWaits(t *testing.T, expected []vectorWait, waited []time.Duration) {
	t.Helper()
	if len(waited) != len(expected) {
		t.Fatalf("waited %v, expected %v", waited, expected)
	}
	for index, wait := range expected {
		if actual := waited[index].Seconds(); actual < wait.min || actual > wait.max {
			t.Errorf("waited %v, expected %v", waited, expected)
		}
	}
}

// -------------------------------------------------------------------------------------- results, errors

func checkResult(t *testing.T, expect vectorExpect, actual outcome) {
	t.Helper()
	for name, expected := range expect.Result {
		if name == "data" {
			checkListed(t, expected, actual["data"], "data")
			continue
		}
		found := actual[name]
		if status, isStatus := found.(int); isStatus {
			found = json.Number(fmt.Sprint(status))
		}
		if expected == nil && found == "" {
			continue
		}
		if !slices.Contains([]string{"hasMore", "nextCursor", "status", "requestId"}, name) || !same(found, expected) {
			t.Errorf("%s: %v, expected %v", name, found, expected)
		}
	}
	for path, expected := range expect.OpenFields {
		// Types are closed; what they do not know is in Raw.
		raw := strings.Replace(path, "data.", "raw.", 1)
		if found := at(actual, raw); !same(found, expected) {
			t.Errorf("%s: %v, expected %v", path, found, expected)
		}
	}
	for path, digits := range expect.ExactIntegers {
		if found, isNumber := at(actual, path).(json.Number); !isNumber || found.String() != digits {
			t.Errorf("%s: %v, expected %s", path, found, digits)
		}
	}
}

// checkListed compares objects by the fields listed, exactly below metadata; lists in length and order.
func checkListed(t *testing.T, expected, actual any, where string) {
	t.Helper()
	switch expected := expected.(type) {
	case object:
		fields, isObject := actual.(object)
		if !isObject {
			t.Errorf("%s: %v is no object", where, actual)
		}
		for name, value := range expected {
			if name == "metadata" && value != nil {
				if !same(fields[name], value) {
					t.Errorf("%s.%s: %v, expected %v", where, name, fields[name], value)
				}
				continue
			}
			checkListed(t, value, fields[name], where+"."+name)
		}
	case []any:
		items, isList := actual.([]any)
		if !isList || len(items) != len(expected) {
			t.Fatalf("%s: %v, expected %d items", where, actual, len(expected))
		}
		for index, item := range expected {
			checkListed(t, item, items[index], fmt.Sprintf("%s.%d", where, index))
		}
	default:
		if !same(actual, expected) && !sameInstant(actual, expected) {
			t.Errorf("%s: %v, expected %v", where, actual, expected)
		}
	}
}

// sameInstant holds where both are times: a time.Time keeps the instant, not its spelling.
func sameInstant(actual, expected any) bool {
	one, isText := actual.(string)
	other, areTexts := expected.(string)
	if !isText || !areTexts {
		return false
	}
	first, err := time.Parse(time.RFC3339Nano, one)
	second, otherErr := time.Parse(time.RFC3339Nano, other)
	return err == nil && otherErr == nil && first.Equal(second)
}

// same is equality as JSON: numbers by value.
func same(actual, expected any) bool {
	switch expected := expected.(type) {
	case object:
		fields, isObject := actual.(object)
		if !isObject || len(fields) != len(expected) {
			return false
		}
		for name, value := range expected {
			if found, isThere := fields[name]; !isThere || !same(found, value) {
				return false
			}
		}
		return true
	case []any:
		items, isList := actual.([]any)
		return isList && slices.EqualFunc(items, expected, same)
	case json.Number:
		number, isNumber := actual.(json.Number)
		if !isNumber {
			return false
		}
		one, err := number.Float64()
		other, otherErr := expected.Float64()
		return number == expected || (err == nil && otherErr == nil && one == other)
	}
	return reflect.DeepEqual(actual, expected)
}

func at(value any, path string) any {
	for _, name := range strings.Split(path, ".") {
		switch inner := value.(type) {
		case object:
			value = inner[name]
		case []any:
			var index int
			_, _ = fmt.Sscan(name, &index)
			value = inner[index]
		default:
			return nil
		}
	}
	return value
}

func checkError(t *testing.T, expected object, err error) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, expected %v", expected)
	}
	if strings.Contains(fmt.Sprintf("%+v", err), testKey) {
		t.Errorf("the error shows the key: %v", err)
	}
	actual := seenError(err)
	for name, value := range expected {
		found := actual[name]
		switch {
		case name == "messageMatches":
			if !regexp.MustCompile(value.(string)).MatchString(fmt.Sprint(actual["message"])) {
				t.Errorf("message %q does not match %s", actual["message"], value)
			}
		case !slices.Contains(errorKeys, name):
			t.Errorf("this runner does not know %s", name)
		case value == nil && (found == "" || found == json.Number("0")):
		case !same(found, value):
			t.Errorf("%s: %#v, expected %#v", name, found, value)
		}
	}
}

var errorKeys = []string{
	"kind", "status", "code", "type", "param", "message", "requestId", "docUrl", "retryAfter", "details",
	"validationErrors",
}

func seenError(err error) object {
	var refusal *commet.Error
	var validation *commet.ValidationError
	var connection *commet.ConnectionError
	var timeout *commet.TimeoutError
	var argument *commet.ArgumentError
	switch {
	case errors.As(err, &argument):
		return object{"kind": "local", "message": argument.Message}
	case errors.As(err, &timeout):
		return object{"kind": "timeout", "code": timeout.Code, "message": timeout.Message}
	case errors.As(err, &connection):
		return object{"kind": "connection", "code": connection.Code, "message": connection.Message}
	case !errors.As(err, &refusal):
		return object{"kind": fmt.Sprintf("%T", err)}
	}
	found := object{
		"kind": "api", "status": json.Number(fmt.Sprint(refusal.StatusCode)), "code": refusal.Code,
		"type": refusal.Type, "param": refusal.Param, "message": refusal.Message, "requestId": refusal.RequestID,
		"docUrl": refusal.DocURL, "retryAfter": json.Number(fmt.Sprint(refusal.RetryAfter.Seconds())),
		"details": refusal.Details,
	}
	if errors.As(err, &validation) {
		found["kind"] = "validation"
		found["validationErrors"] = onWire(validation.ValidationErrors)
	}
	return found
}

// --------------------------------------------------------------------------------------------- webhooks

func runWebhook(t *testing.T, given vectorWebhook, expect vectorExpect) {
	var webhooks commet.WebhookVerifier
	var valid bool
	var event map[string]any
	var err error
	if given.Scheme == "hex" {
		signature := ""
		if given.Signature != nil {
			signature = *given.Signature
		}
		valid = webhooks.Verify(given.Payload, signature, given.Secret)
		event, err = webhooks.VerifyAndParse(given.Payload, signature, given.Secret)
	} else {
		headers := http.Header{}
		for name, value := range given.Headers {
			headers[name] = []string{value}
		}
		var options []commet.WebhookOption
		if given.Now != nil {
			options = append(options, commet.WithNow(time.UnixMilli(int64(*given.Now*1000))))
		}
		if given.ToleranceSeconds != nil {
			tolerance := time.Duration(*given.ToleranceSeconds * float64(time.Second))
			options = append(options, commet.WithTolerance(tolerance))
		}
		valid = webhooks.VerifyStandard(given.Payload, headers, given.Secret, options...)
		event, err = webhooks.VerifyAndParseStandard(given.Payload, headers, given.Secret, options...)
	}
	if valid != expect.Valid {
		t.Errorf("valid: %v, expected %v", valid, expect.Valid)
	}
	if expect.Event == nil {
		if err == nil || event != nil {
			t.Errorf("an event: %v", event)
		}
	} else if err != nil || !same(event, expect.Event) {
		t.Errorf("event %v (%v), expected %v", event, err, expect.Event)
	}
}
