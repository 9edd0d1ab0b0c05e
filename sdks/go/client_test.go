package commet_test

// Guarantees of this library that no other language shares, or that the vectors cannot say.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/commet-labs/commet-go"
)

var ctx = context.Background()

func TestNullIsNotAbsent(t *testing.T) {
	stub := newStub(t, ok(object{}))
	client, _ := clientOf(t, stub)
	_, err := client.Customers.Update(ctx, "user_1", &commet.UpdateCustomerParams{
		Email:      "new@north.example",
		NullFields: []string{"FullName", "Address"},
	})
	if err != nil {
		t.Fatal(err)
	}
	expected := `{"address":null,"email":"new@north.example","fullName":null}`
	if sent := stub.seen()[0].body; sent != expected {
		t.Errorf("sent %s", sent)
	}
}

func TestNullFieldsMustExistAndBeUnset(t *testing.T) {
	stub := newStub(t, ok(object{}))
	client, _ := clientOf(t, stub)
	for _, params := range []commet.UpdateCustomerParams{
		{NullFields: []string{"fullName"}},
		{FullName: "North", NullFields: []string{"FullName"}},
	} {
		_, err := client.Customers.Update(ctx, "user_1", &params)
		var argument *commet.ArgumentError
		if !errors.As(err, &argument) {
			t.Errorf("%v", err)
		}
	}
	if len(stub.seen()) != 0 {
		t.Error("nothing is sent")
	}
}

func TestAnEmptyMapIsSentAndNoMapIsNot(t *testing.T) {
	stub := newStub(t, ok(object{}))
	client, _ := clientOf(t, stub)
	for _, params := range []*commet.UpdateCustomerParams{{Metadata: map[string]any{}}, {}, nil} {
		if _, err := client.Customers.Update(ctx, "user_1", params); err != nil {
			t.Fatal(err)
		}
	}
	for index, expected := range []string{`{"metadata":{}}`, `{}`, `{}`} {
		if sent := stub.seen()[index].body; sent != expected {
			t.Errorf("sent %s, expected %s", sent, expected)
		}
	}
}

func TestMetadataKeepsItsKeysAndDigits(t *testing.T) {
	metadata := map[string]any{"team_member": 1, "teamMember": json.Number("9223372036854775807")}
	stub := newStub(t, ok(object{"id": "cus_1", "metadata": metadata, "somethingNew": true}))
	client, _ := clientOf(t, stub)
	result, err := client.Customers.Create(ctx, &commet.CreateCustomerParams{Email: "a@b.c", Metadata: metadata})
	if err != nil {
		t.Fatal(err)
	}
	if sent := stub.seen()[0].body; !strings.Contains(sent, `{"teamMember":9223372036854775807,"team_member":1}`) {
		t.Errorf("sent %s", sent)
	}
	if digits := result.Data.Metadata["teamMember"]; digits != json.Number("9223372036854775807") {
		t.Errorf("read %v", digits)
	}
	if !strings.Contains(string(result.Raw), "somethingNew") {
		t.Errorf("raw %s", result.Raw)
	}
}

type seat struct {
	Since    time.Time  `json:"since"`
	Until    *time.Time `json:"until"`
	Left     *time.Time `json:"left,omitempty"`
	Number   int        `json:"number,string"`
	Hidden   time.Time  `json:"-"`
	Any      any
	Nothing  []time.Time `json:"nothing,omitempty"`
	internal time.Time
	place
}

type place struct {
	Since int `json:"since"`
	Room  string
}

func TestTimesInABodyAreUTCWithMillisecondsAtAnyDepth(t *testing.T) {
	stub := newStub(t, ok(object{}))
	client, _ := clientOf(t, stub)
	instant := time.Date(2026, 7, 11, 11, 30, 0, 123_456_789, time.FixedZone("", 2*60*60))
	whole := time.Date(2026, 7, 11, 9, 30, 0, 0, time.UTC)
	var nothing *time.Time
	metadata := map[string]any{
		"time":    instant,
		"pointer": &whole,
		"nil":     nothing,
		"none":    nil,
		"list":    []any{instant, "text", []time.Time{whole}},
		"map":     map[int]map[string]time.Time{7: {"a_b": instant}},
		"bytes":   []byte("ab"),
		"raw":     json.RawMessage(`{"b":1,"a":[]}`),
		"digits":  json.Number("9223372036854775807"),
		"seats": []*seat{{
			Since: instant, Until: &whole, Number: 7, Any: map[string]*time.Time{"in": &whole}, internal: whole,
			place: place{Room: "<4>"},
		}},
	}
	if _, err := client.Customers.Update(ctx, "user_1", &commet.UpdateCustomerParams{Metadata: metadata}); err != nil {
		t.Fatal(err)
	}
	const first, second = `"2026-07-11T09:30:00.123Z"`, `"2026-07-11T09:30:00.000Z"`
	expected := `{"metadata":{"bytes":"YWI=","digits":9223372036854775807,"list":[` + first + `,"text",[` + second + `]],` +
		`"map":{"7":{"a_b":` + first + `}},"nil":null,"none":null,"pointer":` + second + `,"raw":{"b":1,"a":[]},` +
		`"seats":[{"Any":{"in":` + second + `},"Room":"\u003c4\u003e","number":"7","since":` + first + `,"until":` +
		second + `}],"time":` + first + `}}`
	if sent := stub.seen()[0].body; sent != expected {
		t.Errorf("sent     %s\nexpected %s", sent, expected)
	}
}

func TestTimesInTheBodyOfARequestByHandAreWrittenAlike(t *testing.T) {
	stub := newStub(t, ok(object{}))
	client, _ := clientOf(t, stub)
	body := map[string]time.Time{"at": time.Date(2026, 7, 11, 11, 30, 0, 5_000, time.FixedZone("", 2*60*60))}
	request := commet.Request{Method: "POST", Path: "/things", Body: body}
	if _, err := commet.Do[object](ctx, client, request); err != nil {
		t.Fatal(err)
	}
	if sent := stub.seen()[0].body; sent != `{"at":"2026-07-11T09:30:00.000Z"}` {
		t.Errorf("sent %s", sent)
	}
}

func TestAValueThatHoldsItselfIsRefusedBeforeSending(t *testing.T) {
	stub := newStub(t, ok(object{}))
	client, _ := clientOf(t, stub)
	metadata := map[string]any{}
	metadata["again"] = []any{metadata, metadata}
	_, err := client.Customers.Create(ctx, &commet.CreateCustomerParams{Email: "a@b.c", Metadata: metadata})
	var argument *commet.ArgumentError
	if !errors.As(err, &argument) || len(stub.seen()) != 0 {
		t.Errorf("%v", err)
	}
}

func TestAValueJSONCannotSayIsRefusedBeforeSending(t *testing.T) {
	stub := newStub(t, ok(object{}))
	client, _ := clientOf(t, stub)
	metadata := map[string]any{"made": make(chan int)}
	_, err := client.Customers.Create(ctx, &commet.CreateCustomerParams{Email: "a@b.c", Metadata: metadata})
	var argument *commet.ArgumentError
	if !errors.As(err, &argument) || len(stub.seen()) != 0 {
		t.Errorf("%v", err)
	}
}

func TestABatchTakesItsKeyLastAndLeavesTheOptionsAlone(t *testing.T) {
	stub := newStub(t, ok(object{}))
	client, _ := clientOf(t, stub)
	items := []commet.CreateCustomerParams{{Email: "a@b.c", NullFields: []string{"FullName"}}}
	if _, err := client.Customers.CreateBatch(ctx, items, "key-1", commet.WithRetries(0)); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Customers.CreateBatch(ctx, items, "", commet.WithRetries(0)); err != nil {
		t.Fatal(err)
	}
	first, second := stub.seen()[0], stub.seen()[1]
	if first.body != `{"customers":[{"email":"a@b.c","fullName":null}]}` {
		t.Errorf("sent %s", first.body)
	}
	if first.header.Get("Idempotency-Key") != "key-1" || second.header.Get("Idempotency-Key") != "" {
		t.Errorf("keys %v, %v", first.header["Idempotency-Key"], second.header["Idempotency-Key"])
	}
}

func twoPages() []reply {
	return []reply{
		answer(200, object{"success": true, "data": []object{{"id": "1"}, {"id": "2"}}, "hasMore": true, "nextCursor": "c 2"}),
		answer(200, object{"object": "list", "data": []object{{"id": "3"}}, "hasMore": false}),
	}
}

func TestAnIteratorAsksOnlyForPagesThatAreNeeded(t *testing.T) {
	stub := newStub(t, twoPages()...)
	client, _ := clientOf(t, stub)
	rows := client.Customers.ListAutoPaging(ctx, &commet.ListCustomersParams{Limit: 2, Search: "n"})
	if len(stub.seen()) != 0 {
		t.Error("nothing is sent before the first Next")
	}
	var ids []string
	for rows.Next() {
		ids = append(ids, rows.Current().ID)
		if expected := 1 + len(ids)/3; len(stub.seen()) != expected {
			t.Errorf("%d requests after %d rows", len(stub.seen()), len(ids))
		}
	}
	if fmt.Sprint(ids) != "[1 2 3]" || rows.Err() != nil || rows.Next() {
		t.Errorf("%v, %v", ids, rows.Err())
	}
	if target := stub.seen()[1].target; target != "/api/v1/customers?cursor=c+2&limit=2&search=n" {
		t.Errorf("asked %s", target)
	}
}

func TestAPageWalksOn(t *testing.T) {
	stub := newStub(t, twoPages()...)
	client, _ := clientOf(t, stub)
	page, err := client.Customers.List(ctx, nil)
	if err != nil || !page.HasMore || page.NextCursor != "c 2" || len(page.Data) != 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	var ids []string
	page.AutoPaging(ctx).All()(func(customer commet.Customer, err error) bool {
		ids = append(ids, customer.ID)
		return err == nil
	})
	if fmt.Sprint(ids) != "[1 2 3]" {
		t.Errorf("%v", ids)
	}
}

func TestASequenceEndsWithItsError(t *testing.T) {
	stub := newStub(t, answer(401, object{"error": object{"code": "unauthorized", "message": "No"}}))
	client, _ := clientOf(t, stub)
	var last error
	client.Customers.ListAutoPaging(ctx, nil).All()(func(_ commet.Customer, err error) bool {
		last = err
		return true
	})
	var refusal *commet.Error
	if !errors.As(last, &refusal) || refusal.Code != "unauthorized" {
		t.Errorf("%v", last)
	}
}

func TestErrorsAreFoundByWhatTheyAre(t *testing.T) {
	details := []object{{"field": "email", "message": "Invalid email format"}}
	stub := newStub(t, answer(400, object{"error": object{"code": "validation_error", "message": "Bad", "details": details}}))
	client, _ := clientOf(t, stub)
	_, err := client.Customers.Create(ctx, &commet.CreateCustomerParams{})
	var validation *commet.ValidationError
	var refusal *commet.Error
	if !errors.As(err, &validation) || !errors.As(err, &refusal) || validation.Code != refusal.Code {
		t.Fatalf("%v", err)
	}
	if fmt.Sprint(validation.ValidationErrors) != "map[email:[Invalid email format]]" {
		t.Errorf("%v", validation.ValidationErrors)
	}
	if err.Error() != "commet: Bad (validation_error, status 400, request req_stub)" {
		t.Errorf("%v", err)
	}
}

func TestACancelledContextEndsTheCall(t *testing.T) {
	stub := newStub(t, reply{fault: "silence"})
	client, _ := clientOf(t, stub)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err := client.Customers.Get(short, "user_1")
	var connection *commet.ConnectionError
	if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &connection) {
		t.Errorf("%v", err)
	}
	cancelled, stop := context.WithCancel(ctx)
	stop()
	if _, err := client.Customers.Get(cancelled, "user_1"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if len(stub.seen()) != 1 {
		t.Errorf("%d requests", len(stub.seen()))
	}
}

func TestACancelledContextEndsTheWaitBetweenAttempts(t *testing.T) {
	stub := newStub(t, answer(503, object{}))
	client, err := commet.New(testKey, commet.WithBaseURL(stub.URL))
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := client.Customers.Get(short, "a"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if time.Since(began) > 500*time.Millisecond || len(stub.seen()) != 1 {
		t.Errorf("%s, %d requests", time.Since(began), len(stub.seen()))
	}
}

func TestTheTimeoutHoldsForOneAttempt(t *testing.T) {
	stub := newStub(t, reply{fault: "stall"})
	client, waited := clientOf(t, stub, commet.WithTimeout(time.Hour))
	_, err := client.Customers.Get(ctx, "a", commet.WithTimeout(50*time.Millisecond), commet.WithRetries(1))
	var timeout *commet.TimeoutError
	var network net.Error
	if !errors.As(err, &timeout) || timeout.Code != "TIMEOUT" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if errors.As(err, &network) && !network.Timeout() {
		t.Error("a timeout says so")
	}
	if len(*waited) != 1 || (*waited)[0] != time.Second {
		t.Errorf("waited %v", *waited)
	}
}

func TestAnHTTPClientOfTheCallersIsNotChanged(t *testing.T) {
	redirect := reply{status: 302, header: map[string]string{"location": "/elsewhere", "set-cookie": "a=b"}}
	stub := newStub(t, redirect)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	given := &http.Client{Jar: jar}
	client, _ := clientOf(t, stub, commet.WithHTTPClient(given))
	for range 2 {
		var refusal *commet.Error
		if _, err := client.Customers.Get(ctx, "a"); !errors.As(err, &refusal) || refusal.Code != "UNEXPECTED_REDIRECT" {
			t.Errorf("%v", err)
		}
	}
	if given.CheckRedirect != nil || given.Jar != jar || len(stub.seen()) != 2 {
		t.Error("the client is the caller's")
	}
	if cookie := stub.seen()[1].header.Get("Cookie"); cookie != "" {
		t.Errorf("a cookie: %s", cookie)
	}
}

func TestTheBaseURLComesFromTheEnvironment(t *testing.T) {
	stub := newStub(t, ok(object{}))
	t.Setenv("COMMET_BASE_URL", stub.URL+"/billing/")
	client, err := commet.New(testKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Customers.Get(ctx, "a/b"); err != nil {
		t.Fatal(err)
	}
	if target := stub.seen()[0].target; target != "/billing/api/v1/customers/a%2Fb" {
		t.Errorf("asked %s", target)
	}
	t.Setenv("COMMET_BASE_URL", "")
	if client, err := commet.New(testKey); err != nil || client.String() != "commet.Client(http://localhost:3000/api/v1)" {
		t.Errorf("%v, %v", client, err)
	}
}

func TestNothingPrintsTheKey(t *testing.T) {
	stub := newStub(t, answer(400, object{"error": object{"message": testKey, "details": testKey}}))
	client, _ := clientOf(t, stub)
	_, err := client.Customers.Get(ctx, "a")
	var refusal *commet.Error
	if !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	if printed := fmt.Sprintf("%v %+v %#v %+v", client, client, client, *refusal); strings.Contains(printed, testKey) {
		t.Errorf("printed %s", printed)
	}
}

func TestAnAnswerOfAnotherShapeIsAnError(t *testing.T) {
	stub := newStub(t, ok(object{"id": 7}))
	client, _ := clientOf(t, stub)
	var refusal *commet.Error
	if _, err := client.Customers.Get(ctx, "a"); !errors.As(err, &refusal) || refusal.Code != "UNEXPECTED_RESPONSE" {
		t.Errorf("%v", err)
	}
}

func TestAnOperationWithoutAMethodCanBeCalled(t *testing.T) {
	stub := newStub(t, ok(object{"someKey": 1}))
	client, _ := clientOf(t, stub)
	request := commet.Request{Method: "POST", Path: "/plans/{}", IDs: []string{"a b"}, Body: object{"x_y": 1}}
	response, err := commet.Do[map[string]any](ctx, client, request, commet.WithIdempotencyKey("k"))
	if err != nil || response.Data["someKey"] != json.Number("1") {
		t.Fatalf("%v, %v", response, err)
	}
	sent := stub.seen()[0]
	if sent.target != "/api/v1/plans/a%20b" || sent.body != `{"x_y":1}` || sent.header.Get("Idempotency-Key") != "k" {
		t.Errorf("%+v", sent)
	}
}

func TestAClientIsSafeForConcurrentUse(t *testing.T) {
	stub := newStub(t, ok(object{"id": "cus_1"}))
	client, _ := clientOf(t, stub)
	failures := make(chan error, 20)
	for range cap(failures) {
		go func() {
			_, err := client.Customers.Create(ctx, &commet.CreateCustomerParams{Email: "a@b.c"})
			failures <- err
		}()
	}
	for range cap(failures) {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}

func TestVersionsAreToldInOnePlace(t *testing.T) {
	changes, err := os.ReadFile("CHANGELOG.md")
	if err != nil || !strings.Contains(string(changes), "\n## "+commet.Version+"\n") {
		t.Errorf("CHANGELOG.md has no %s: %v", commet.Version, err)
	}
}
