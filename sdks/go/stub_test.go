package commet_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/commet-labs/commet-go"
)

const testKey = "ck_sandbox_0123456789abcdef"

// seen is a request as it was on the wire.
type seen struct {
	method string
	target string
	header http.Header
	body   string
}

// reply is what one request is answered: a body, or a fault (reset, silence, cut, stall).
type reply struct {
	status int
	header map[string]string
	body   string
	fault  string
}

// stub is a loopback server that misbehaves on command. It keeps requests in order of arrival.
type stub struct {
	*httptest.Server
	lock     sync.Mutex
	requests []seen
	replies  []reply
}

// newStub answers with replies in order, the last again and again.
func newStub(t testing.TB, replies ...reply) *stub {
	t.Helper()
	s := &stub{replies: replies}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func (s *stub) seen() []seen {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.requests
}

func (s *stub) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.lock.Lock()
	s.requests = append(s.requests, seen{r.Method, r.RequestURI, r.Header.Clone(), string(body)})
	next := s.replies[0]
	if len(s.replies) > 1 {
		s.replies = s.replies[1:]
	}
	s.lock.Unlock()
	switch next.fault {
	case "":
		s.answer(w, next)
	case "reset":
		panic(http.ErrAbortHandler)
	case "silence":
		<-r.Context().Done()
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"success":true,"data":{"id":"cus_`)
		_ = http.NewResponseController(w).Flush()
		if next.fault == "stall" {
			<-r.Context().Done()
		}
		panic(http.ErrAbortHandler)
	}
}

func (s *stub) answer(w http.ResponseWriter, next reply) {
	header := w.Header()
	header["Content-Type"] = nil
	for name, value := range next.header {
		header.Set(name, value)
	}
	header.Set("Connection", "close")
	header.Set("Content-Length", strconv.Itoa(len(next.body)))
	w.WriteHeader(next.status)
	_, _ = io.WriteString(w, next.body)
}

func answer(status int, body any) reply {
	written, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return reply{status: status, body: string(written), header: map[string]string{
		"content-type": "application/json", "x-request-id": "req_stub",
	}}
}

type object = map[string]any

func ok(data any) reply {
	return answer(http.StatusOK, object{"success": true, "data": data})
}

// clientOf makes a client of the stub whose waits are recorded instead of waited.
func clientOf(t testing.TB, s *stub, options ...commet.Option) (*commet.Client, *[]time.Duration) {
	t.Helper()
	client, err := commet.New(testKey, append([]commet.Option{commet.WithBaseURL(s.URL)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	waited := &[]time.Duration{}
	commet.RecordWaits(client, waited, func() float64 { return 0 })
	return client, waited
}
