// Seedpage makes the calls of the "Manage customers" page, in its order, against a started server, and compares what comes
// back. It does not clean up after itself: run it against a sandbox. It ends with 1 when anything differs.
//
//	COMMET_BASE_URL=http://localhost:3000 COMMET_API_KEY=ck_sandbox_… go run ./examples/seedpage
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/commet-labs/commet-go"
)

// walk is one run: its user IDs end in a suffix of its own, so it can run again on the same server.
type walk struct {
	client         *commet.Client
	run            string
	passed, failed int
}

func main() {
	client, err := commet.New(os.Getenv("COMMET_API_KEY"))
	if err != nil {
		log.Fatal(err)
	}
	w := &walk{client: client, run: fmt.Sprintf("go_%x", time.Now().UnixNano())}
	ctx := context.Background()
	for _, step := range []func(context.Context) error{
		w.create, w.createBatch, w.get, w.update, w.list, w.null, w.iterate, w.refusals,
	} {
		if err := step(ctx); err != nil {
			w.failed++
			fmt.Println("FAILED", err)
		}
	}
	fmt.Printf("seed page, Go: %d passed, %d failed\n", w.passed, w.failed)
	if w.failed > 0 {
		os.Exit(1)
	}
}

func (w *walk) equal(what string, actual, expected any) {
	if reflect.DeepEqual(actual, expected) {
		w.passed++
		return
	}
	w.failed++
	fmt.Printf("DIFFERS %s: got %v, expected %v\n", what, actual, expected)
}

func (w *walk) user(number int) string { return fmt.Sprintf("user_%s_%d", w.run, number) }

func (w *walk) create(ctx context.Context) error {
	client := w.client
	result, err := client.Customers.Create(ctx, &commet.CreateCustomerParams{
		Email: "ledger@north.example",
		ID:    w.user(0),
	})
	if err != nil {
		return err
	}
	w.equal("create: the ID is one of ours", strings.HasPrefix(result.Data.ID, "cus_"), true)
	w.equal("create: status", result.StatusCode, 201)
	w.equal("create: user ID", *result.Data.ExternalID, w.user(0))
	w.equal("create: e-mail", result.Data.Email, "ledger@north.example")
	w.equal("create: request ID", result.RequestID != "", true)

	again, err := client.Customers.Create(ctx, &commet.CreateCustomerParams{Email: "else@else.example", ID: w.user(0)})
	if err != nil {
		return err
	}
	w.equal("create again: status", again.StatusCode, 200)
	w.equal("create again: the stored customer, unchanged", again.Data, result.Data)
	return nil
}

func (w *walk) createBatch(ctx context.Context) error {
	client := w.client
	result, err := client.Customers.CreateBatch(ctx, []commet.CreateCustomerParams{
		{Email: "ann@north.example", ID: w.user(1)},
		{Email: "ben@north.example", ID: w.user(2)},
		{Email: "cleo@north.example", ID: w.user(3)},
	}, "")
	if err != nil {
		return err
	}
	var ids []string
	for _, customer := range result.Data.Successful {
		ids = append(ids, *customer.ExternalID)
	}
	w.equal("batch: successful", ids, []string{w.user(1), w.user(2), w.user(3)})
	w.equal("batch: failed", len(result.Data.Failed), 0)

	partly, err := client.Customers.CreateBatch(ctx, []commet.CreateCustomerParams{
		{Email: "dora@north.example"}, {Email: "not an address"},
	}, "batch-"+w.run)
	if err != nil {
		return err
	}
	w.equal("batch with a bad item: successful", len(partly.Data.Successful), 1)
	w.equal("batch with a bad item: index", partly.Data.Failed[0].Index, int64(1))
	return nil
}

func (w *walk) get(ctx context.Context) error {
	client := w.client
	byUserID, err := client.Customers.Get(ctx, w.user(0))
	if err != nil {
		return err
	}
	result, err := client.Customers.Get(ctx, byUserID.Data.ID)
	if err != nil {
		return err
	}
	w.equal("get: both IDs find the same", result.Data, byUserID.Data)
	return nil
}

func (w *walk) update(ctx context.Context) error {
	client := w.client
	result, err := client.Customers.Update(ctx, w.user(0), &commet.UpdateCustomerParams{
		Email: "invoices@north.example",
		Address: &commet.Address{
			Line1:      "9 Quay Street",
			City:       "Portland",
			PostalCode: "97201",
			Country:    "US",
		},
	})
	if err != nil {
		return err
	}
	w.equal("update: e-mail", result.Data.Email, "invoices@north.example")
	w.equal("update: postal code", result.Data.Address.PostalCode, "97201")
	w.equal("update: the rest stays", *result.Data.ExternalID, w.user(0))
	return nil
}

func (w *walk) list(ctx context.Context) error {
	client := w.client
	result, err := client.Customers.List(ctx, &commet.ListCustomersParams{
		Limit: 25,
	})
	if err != nil {
		return err
	}
	w.equal("list: holds rows, at most 25", len(result.Data) > 0 && len(result.Data) <= 25, true)

	first, err := client.Customers.List(ctx, &commet.ListCustomersParams{Limit: 2})
	if err != nil {
		return err
	}
	nextCursor := first.NextCursor
	nextPage, err := client.Customers.List(ctx, &commet.ListCustomersParams{
		Limit:  2,
		Cursor: nextCursor,
	})
	if err != nil {
		return err
	}
	w.equal("list of 2: more", first.HasMore, true)
	rows := slices.Concat(first.Data, nextPage.Data)
	w.equal("next page: other rows, the same order", rows, result.Data[:len(rows)])
	return nil
}

func (w *walk) null(ctx context.Context) error {
	kept := map[string]any{"team_member": json.Number("1"), "teamMember": map[string]any{"deep_key": nil}}
	stored, err := w.client.Customers.Update(ctx, w.user(0), &commet.UpdateCustomerParams{FullName: "North", Metadata: kept})
	if err != nil {
		return err
	}
	w.equal("metadata: as it was sent", stored.Data.Metadata, kept)
	cleared, err := w.client.Customers.Update(ctx, w.user(0), &commet.UpdateCustomerParams{
		NullFields: []string{"FullName", "Address"},
	})
	if err != nil {
		return err
	}
	w.equal("null clears", cleared.Data.FullName == nil && cleared.Data.Address == nil, true)
	w.equal("absent stays", cleared.Data.Metadata, kept)
	return nil
}

func (w *walk) iterate(ctx context.Context) error {
	found := map[string]bool{}
	rows := w.client.Customers.ListAutoPaging(ctx, &commet.ListCustomersParams{Limit: 2, Search: "user_" + w.run})
	for rows.Next() {
		found[*rows.Current().ExternalID] = true
	}
	if rows.Err() != nil {
		return rows.Err()
	}
	expected := map[string]bool{w.user(0): true, w.user(1): true, w.user(2): true, w.user(3): true}
	w.equal("walk over the pages", found, expected)
	return nil
}

func (w *walk) refusals(ctx context.Context) error {
	_, err := w.client.Customers.Create(ctx, &commet.CreateCustomerParams{Email: "not an address"})
	var invalid *commet.ValidationError
	if !errors.As(err, &invalid) {
		return fmt.Errorf("a bad e-mail is refused; got %w", err)
	}
	w.equal("validation: field", len(invalid.ValidationErrors["email"]) > 0, true)
	w.equal("validation: request ID", invalid.RequestID != "", true)

	deleted, err := w.client.Customers.Delete(ctx, w.user(3))
	if err != nil {
		return err
	}
	w.equal("delete: says so", deleted.Data.Deleted, true)
	_, err = w.client.Customers.Get(ctx, w.user(3))
	var refusal *commet.Error
	if !errors.As(err, &refusal) {
		return fmt.Errorf("a deleted customer is gone; got %w", err)
	}
	w.equal("not found", fmt.Sprint(refusal.Code, refusal.StatusCode), "customer_not_found404")
	return nil
}
