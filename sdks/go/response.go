package commet

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
)

// Response is what one call answered.
type Response[T any] struct {
	Data T
	// StatusCode of the HTTP answer: 201 where something was created, 200 where it was there already.
	StatusCode int
	// RequestID finds the call in the server's log.
	RequestID string
	// Raw is Data as it was sent, also with fields newer than this package.
	Raw json.RawMessage
}

// Page is one page of a list.
type Page[T any] struct {
	Data []T
	// HasMore says whether there is a page after this one.
	HasMore bool
	// NextCursor goes into the Cursor of the next call; empty on the last page. Opaque: never parse or build it.
	NextCursor string
	StatusCode int
	// RequestID finds the call in the server's log.
	RequestID string

	cursor string
	fetch  func(ctx context.Context, cursor string) (*Page[T], error)
}

// next is the page after this one; nil after the last.
func (p *Page[T]) next(ctx context.Context) (*Page[T], error) {
	if !p.HasMore || p.NextCursor == "" {
		return nil, nil
	}
	if p.NextCursor == p.cursor {
		return nil, &Error{
			Message: "The server answered a page whose next page is itself; the walk was stopped",
			Code:    "UNEXPECTED_RESPONSE", Type: "api_error", StatusCode: p.StatusCode, RequestID: p.RequestID,
		}
	}
	return p.fetch(ctx, p.NextCursor)
}

// AutoPaging walks the items of this page, then those of every page after it.
func (p *Page[T]) AutoPaging(ctx context.Context) *Iterator[T] {
	return &Iterator[T]{ctx: ctx, page: p}
}

// Iterator walks a list over all of its pages, one request per page, only as far as it is asked to.
//
//	for customers.Next() {
//		fmt.Println(customers.Current().Email)
//	}
//	if err := customers.Err(); err != nil { … }
//
// From Go 1.23 on, for customer, err := range customers.All() does the same.
type Iterator[T any] struct {
	ctx     context.Context
	start   func(ctx context.Context) (*Page[T], error)
	page    *Page[T]
	index   int
	current T
	err     error
	done    bool
}

// Next moves to the next item. False at the end of the list, and after an error.
func (i *Iterator[T]) Next() bool {
	for !i.done {
		if i.page != nil && i.index < len(i.page.Data) {
			i.current = i.page.Data[i.index]
			i.index++
			return true
		}
		i.turn()
	}
	return false
}

func (i *Iterator[T]) turn() {
	if i.page == nil {
		i.page, i.err = i.start(i.ctx)
	} else {
		i.page, i.err = i.page.next(i.ctx)
	}
	i.index = 0
	i.done = i.err != nil || i.page == nil
}

// Current is the item that Next moved to.
func (i *Iterator[T]) Current() T { return i.current }

// Err is why Next ended early; nil at the end of the list.
func (i *Iterator[T]) Err() error { return i.err }

// All is the rest of the list as a sequence to range over (Go 1.23 or later); an error is its last pair.
func (i *Iterator[T]) All() func(yield func(T, error) bool) {
	return func(yield func(T, error) bool) {
		for i.Next() {
			if !yield(i.current, nil) {
				return
			}
		}
		if i.err != nil {
			var none T
			yield(none, i.err)
		}
	}
}

// Request is an operation for which this version of the package has no method.
type Request struct {
	// Method is GET, POST, PUT, PATCH or DELETE.
	Method string
	// Path is below /api/v1, each identifier as {}: /customers/{}/credits.
	Path string
	// IDs take the places of {} in Path, percent-encoded.
	IDs   []string
	Query url.Values
	// Body is written as JSON; nil is no body.
	Body any
}

// Do makes any call; T is what its data is decoded into. Retries and errors are those of every call.
func Do[T any](ctx context.Context, client *Client, request Request, options ...CallOption) (*Response[T], error) {
	return send[T](ctx, client.core, call{
		method: request.Method, pattern: request.Path, ids: request.IDs, query: request.Query,
		body: request.Body, hasBody: request.Body != nil,
	}, options)
}

func send[T any](ctx context.Context, core *core, call call, options []CallOption) (*Response[T], error) {
	answer, fields, err := core.send(ctx, call, options)
	if err != nil {
		return nil, err
	}
	response := &Response[T]{StatusCode: answer.status, RequestID: answer.requestID, Raw: answer.data(fields)}
	if err := decode(response.Raw, &response.Data); err != nil {
		return nil, unexpected(answer, err)
	}
	return response, nil
}

func list[T any](ctx context.Context, core *core, call call, options []CallOption) (*Page[T], error) {
	var fetch func(ctx context.Context, cursor string) (*Page[T], error)
	fetch = func(ctx context.Context, cursor string) (*Page[T], error) {
		at := call
		at.query = url.Values{}
		for name, values := range call.query {
			at.query[name] = values
		}
		if cursor != "" {
			at.query.Set("cursor", cursor)
		}
		answer, fields, err := core.send(ctx, at, options)
		if err != nil {
			return nil, err
		}
		page := &Page[T]{StatusCode: answer.status, RequestID: answer.requestID, cursor: cursor, fetch: fetch}
		if err := page.fill(fields); err != nil {
			return nil, unexpected(answer, err)
		}
		return page, nil
	}
	return fetch(ctx, call.query.Get("cursor"))
}

func listAll[T any](ctx context.Context, core *core, call call, options []CallOption) *Iterator[T] {
	return &Iterator[T]{ctx: ctx, start: func(ctx context.Context) (*Page[T], error) {
		return list[T](ctx, core, call, options)
	}}
}

// fill reads { success, data, hasMore } or { object: "list", data, hasMore }.
func (p *Page[T]) fill(fields object) error {
	if raw := fields["data"]; len(raw) == 0 || raw[0] != '[' {
		return fmt.Errorf("it is not a list")
	}
	if err := decode(fields["data"], &p.Data); err != nil {
		return err
	}
	p.HasMore = string(fields["hasMore"]) == "true"
	p.NextCursor = text(free(fields["nextCursor"]))
	return nil
}

func unexpected(answer *answer, cause error) error {
	return answer.unreadable("UNEXPECTED_RESPONSE", fmt.Sprintf("The answer is not what this call answers: %v", cause))
}
