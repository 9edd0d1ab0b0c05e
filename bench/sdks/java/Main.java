import co.commet.Commet;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;

/**
 * Gets one customer again and again, through the SDK or with java.net.http, as standard input says:
 * {@code sdk 100}, {@code plain 100}.
 */
public final class Main {
  private static final String BASE_URL = System.getenv("COMMET_BASE_URL");
  private static final String API_KEY = System.getenv("COMMET_API_KEY");
  private static final String CUSTOMER_ID = System.getenv("BENCH_CUSTOMER_ID");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  // Without TLS the client would ask for an upgrade to HTTP/2 with every first request.
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Commet COMMET =
      Commet.builder().apiKey(API_KEY).baseUrl(BASE_URL).build();

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    System.out.printf("{\"ready\": \"Java %s\"}%n", Runtime.version());
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      Callable<String> call = words[0].equals("sdk") ? Main::throughSdk : Main::plain;
      long started = System.nanoTime();
      for (int made = 0; made < Integer.parseInt(words[1]); made++) {
        if (!call.call().equals(CUSTOMER_ID)) {
          throw new IllegalStateException("another customer was answered");
        }
      }
      System.out.println("{\"seconds\": " + (System.nanoTime() - started) / 1e9 + "}");
    }
    System.exit(0);
  }

  private static String throughSdk() {
    return COMMET.customers().get(CUSTOMER_ID).getData().getId();
  }

  private static String plain() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(BASE_URL + "/api/v1/customers/" + CUSTOMER_ID))
            .header("accept", "application/json")
            .header("x-api-key", API_KEY)
            .header("commet-version", "2026-07-11")
            .build();
    HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("status " + answer.statusCode());
    }
    return MAPPER.readTree(answer.body()).path("data").path("id").asText();
  }
}
