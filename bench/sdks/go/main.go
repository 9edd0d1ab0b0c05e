// Gets one customer again and again, through the SDK or with net/http, as standard input says: `sdk 100`, `plain 100`.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"runtime"
	"time"

	commet "github.com/commet-labs/commet-go"
)

var (
	baseURL    = os.Getenv("COMMET_BASE_URL")
	apiKey     = os.Getenv("COMMET_API_KEY")
	customerID = os.Getenv("BENCH_CUSTOMER_ID")
)

func main() {
	client, err := commet.New(apiKey, commet.WithBaseURL(baseURL))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	throughSDK := func() (string, error) {
		response, err := client.Customers.Get(ctx, customerID)
		if err != nil {
			return "", err
		}
		return response.Data.ID, nil
	}
	fmt.Printf("{\"ready\": %q}\n", "Go "+runtime.Version()[2:])
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var side string
		var calls int
		if _, err := fmt.Sscan(lines.Text(), &side, &calls); err != nil {
			log.Fatal(err)
		}
		call := plain
		if side == "sdk" {
			call = throughSDK
		}
		started := time.Now()
		for range calls {
			if id, err := call(); err != nil || id != customerID {
				log.Fatal("another customer was answered: ", id, err)
			}
		}
		fmt.Printf("{\"seconds\": %g}\n", time.Since(started).Seconds())
	}
}

func plain() (string, error) {
	request, err := http.NewRequest(http.MethodGet, baseURL+"/api/v1/customers/"+customerID, nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("X-Api-Key", apiKey)
	request.Header.Set("Commet-Version", "2026-07-11")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d", response.StatusCode)
	}
	var answer struct{ Data commet.Customer }
	err = json.Unmarshal(body, &answer)
	return answer.Data.ID, err
}
