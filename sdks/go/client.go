package commet

import "fmt"

// New makes a client of one Commet server, for one environment: apiKey (ck_sandbox_… or ck_live_…) decides which. Make one
// and share it: it is safe for concurrent use.
func New(apiKey string, options ...Option) (*Client, error) {
	core, err := newCore(apiKey, options)
	if err != nil {
		return nil, err
	}
	return newClient(core), nil
}

// String names the server, and never the API key.
func (c *Client) String() string { return fmt.Sprintf("commet.Client(%s)", c.core.apiURL) }

// GoString is String, so that %#v does not show the API key either.
func (c *Client) GoString() string { return c.String() }
