// Owns the client object: its options and the resources hanging off it.
// Does not know how calls are sent (Transport) or what they say (the resources).
// Always: printing a client never shows its API key.
package co.commet;

import java.lang.reflect.Type;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A client of one Commet server, for one environment. Make one and share it between threads.
 *
 * <p>Every call may throw {@link CommetApiException} (the server refused; {@link
 * CommetValidationException} for bad fields), {@link CommetConnectionException} or {@link
 * CommetTimeoutException} (no answer, after all retries). All of them are unchecked.
 */
public final class Commet extends CommetResources implements AutoCloseable {
  static final String DEFAULT_BASE_URL = "http://localhost:3000";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final int DEFAULT_RETRIES = 3;

  private final Transport transport;
  private final AutoCloseable connections;

  private Commet(Transport transport, AutoCloseable connections) {
    super(transport);
    this.transport = transport;
    this.connections = connections;
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Any operation, also one this version of the package has no method for. Retries and exceptions
   * as everywhere.
   *
   * @param type what the data is, such as {@code Customer.class} or {@code Map.class}
   */
  public <T> ApiResponse<T> request(ApiRequest request, Class<T> type) {
    return transport.call(request, (Type) type);
  }

  /** One page of any list operation. */
  public <T> ApiResponse<List<T>> requestList(ApiRequest request, Class<T> row) {
    return transport.list(request, row);
  }

  /** Every row of any list operation, page by page, only as far as the stream is read. */
  public <T> Stream<T> requestStream(ApiRequest request, Class<T> row) {
    return transport.stream(request, row);
  }

  /** Ends the client; later calls are refused. An HTTP client that was passed in stays open. */
  @Override
  public void close() {
    transport.close();
    try {
      connections.close();
    } catch (Exception failure) {
      throw new CommetException("Commet SDK: closing failed", "INTERNAL_ERROR", failure);
    }
  }

  /** Collects the options of a client. */
  public static final class Builder {
    private String apiKey;
    private String baseUrl;
    private String apiVersion = Version.API;
    private Duration timeout = DEFAULT_TIMEOUT;
    private int retries = DEFAULT_RETRIES;
    private HttpClient httpClient;
    private Timing timing = Timing.REAL;

    private Builder() {}

    /**
     * {@code ck_sandbox_…} or {@code ck_live_…}; the key decides the environment. Required. Keep it
     * on servers: whoever holds it can do everything it can.
     */
    public Builder apiKey(String apiKey) {
      this.apiKey = apiKey;
      return this;
    }

    /**
     * Where the server is. Default: the environment variable {@code COMMET_BASE_URL}, else {@code
     * http://localhost:3000}. A path in it is kept.
     */
    public Builder baseUrl(String baseUrl) {
      this.baseUrl = baseUrl;
      return this;
    }

    /** API version of every call, {@code YYYY-MM-DD}. Default: {@link Version#API}. */
    public Builder apiVersion(String apiVersion) {
      this.apiVersion = Checks.header("apiVersion", apiVersion);
      return this;
    }

    /** How long one attempt may take, reading the answer included. Default: 30 seconds. */
    public Builder timeout(Duration timeout) {
      this.timeout = Checks.timeout(timeout);
      return this;
    }

    /** Attempts after the first one. Default: 3. */
    public Builder retries(int retries) {
      this.retries = Checks.retries(retries);
      return this;
    }

    /**
     * Replaces the client's own, for proxies, tracing and tests. One that follows redirects is
     * refused: it would hand the API key to another address.
     */
    public Builder httpClient(HttpClient httpClient) {
      if (httpClient != null && httpClient.followRedirects() != HttpClient.Redirect.NEVER) {
        throw CommetException.invalidArgument(
            "the HttpClient follows redirects, which would hand the API key to another address");
      }
      this.httpClient = httpClient;
      return this;
    }

    Builder timing(Timing timing) {
      this.timing = timing;
      return this;
    }

    public Commet build() {
      String key = Checks.apiKey(apiKey);
      String apiUrl = resolvedBaseUrl(baseUrl, System.getenv("COMMET_BASE_URL")) + "/api/v1";
      HttpClient client = httpClient == null ? ownClient() : httpClient;
      Transport transport =
          new Transport(
              new Transport.Config(client, apiUrl, key, apiVersion, timeout, retries, timing));
      return new Commet(transport, httpClient == null ? closing(client) : () -> {});
    }

    static String resolvedBaseUrl(String given, String fromEnvironment) {
      if (given != null) {
        return Checks.baseUrl(given);
      }
      boolean set = fromEnvironment != null && !fromEnvironment.isEmpty();
      return Checks.baseUrl(set ? fromEnvironment : DEFAULT_BASE_URL);
    }

    private static HttpClient ownClient() {
      return HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    }

    /** Before Java 21 an HttpClient has no close; its threads end once nobody refers to it. */
    private static AutoCloseable closing(Object client) {
      return client instanceof AutoCloseable closeable ? closeable : () -> {};
    }
  }
}
