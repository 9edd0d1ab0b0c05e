// Package commet is the client of Commet, the billing platform you can run yourself.
//
//	client, err := commet.New(os.Getenv("COMMET_API_KEY"))
//	…
//	result, err := client.Customers.Create(ctx, &commet.CreateCustomerParams{
//		Email: "accounts@north.example",
//		ID:    "user_42",
//	})
//
// Every call may return *Error (the server refused), *ValidationError (it refused because of fields; an *Error too),
// *ConnectionError or *TimeoutError (no answer, after all retries), *ArgumentError (nothing was sent), or the error
// of its context. Find out with errors.As and errors.Is.
package commet
