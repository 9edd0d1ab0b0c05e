// Owns sending: one call, its attempts, its time limits.
// Does not know any resource and does not interpret bodies (Answer does).
// Always: every attempt of a call carries the same bytes and the same idempotency key.
package co.commet;

import java.io.IOException;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

final class Transport {
  /** What every call of one client shares. */
  record Config(
      HttpClient httpClient,
      String apiUrl,
      String apiKey,
      String apiVersion,
      Duration timeout,
      int retries,
      Timing timing) {}

  private record Call(
      HttpRequest.Builder head, String method, byte[] body, Duration timeout, int retries) {
    /** A request of its own for each attempt, with the same bytes. */
    HttpRequest request() {
      return head.method(method, SentOnce.publisher(method, body)).build();
    }
  }

  private static final String USER_AGENT =
      "commet-java/%s java/%s %s/%s"
          .formatted(
              Version.SDK,
              System.getProperty("java.version", "unknown"),
              System.getProperty("os.name", "unknown").toLowerCase(java.util.Locale.ROOT),
              System.getProperty("os.arch", "unknown"))
          .replaceAll("[^\\x21-\\x7e ]", "_");

  private final Config config;
  private volatile boolean closed;

  Transport(Config config) {
    this.config = config;
  }

  void close() {
    closed = true;
  }

  <T> ApiResponse<T> call(ApiRequest request, Type type) {
    return send(request, answer -> answer.resource(Json.type(type)));
  }

  <T> ApiResponse<List<T>> list(ApiRequest request, Type row) {
    return send(request, answer -> answer.page(Json.listOf(row)));
  }

  /** Every row of every page, one request per page, only as far as the stream is read. */
  <T> Stream<T> stream(ApiRequest request, Type row) {
    Map<String, Object> query = new LinkedHashMap<>(request.query());
    Object first = query.remove("cursor");
    return Pages.stream(
        first == null ? null : String.valueOf(first),
        cursor -> {
          Map<String, Object> at = new LinkedHashMap<>(query);
          at.put("cursor", cursor);
          ApiRequest page = ApiRequest.of(request.method, request.path);
          return list(page.query(at).options(request.options()), row);
        });
  }

  private <R> R send(ApiRequest request, Function<Answer, R> read) {
    Call call = prepare(request);
    for (int attempt = 0; ; attempt++) {
      try {
        return read.apply(exchange(call));
      } catch (CommetException failure) {
        Optional<Duration> delay =
            attempt < call.retries
                ? Retry.delay(failure, attempt, config.timing.random())
                : Optional.empty();
        pause(delay.orElseThrow(() -> failure));
      }
    }
  }

  private Call prepare(ApiRequest request) {
    if (closed) {
      throw CommetException.invalidArgument("this client is closed");
    }
    RequestOptions options = request.options();
    int retries = Objects.requireNonNullElse(options.retries, config.retries);
    URI uri = URI.create(config.apiUrl + request.path + Query.encode(request.query()));
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("user-agent", USER_AGENT)
            .header("x-api-key", config.apiKey)
            .header(
                "commet-version",
                Objects.requireNonNullElse(options.apiVersion, config.apiVersion));
    // Without TLS the client would ask for an upgrade to HTTP/2 with every first request.
    if (uri.getScheme().equals("http")) {
      builder.version(HttpClient.Version.HTTP_1_1);
    }
    idempotencyKey(request.method, retries, options.idempotencyKey)
        .ifPresent(key -> builder.header("idempotency-key", key));
    Duration timeout = Objects.requireNonNullElse(options.timeout, config.timeout);
    builder.timeout(timeout);
    byte[] body = request.body() == null ? null : Json.write(request.body());
    return new Call(builder, request.method, body, timeout, retries);
  }

  private static Optional<String> idempotencyKey(String method, int retries, String given) {
    if (method.equals("GET")) {
      return Optional.empty();
    }
    if (given != null) {
      return Optional.of(given);
    }
    return retries > 0 ? Optional.of("commet-java-retry-" + UUID.randomUUID()) : Optional.empty();
  }

  private Answer exchange(Call call) {
    long deadline = System.nanoTime() + call.timeout.toNanos();
    try {
      HttpResponse<Body> head = config.httpClient.send(call.request(), answer -> new Body());
      return read(head, head.body().bytes(deadline - System.nanoTime()));
    } catch (TimeoutException cause) {
      throw timedOut(call, cause);
    } catch (InterruptedException cause) {
      throw interrupted(cause);
    } catch (IOException | ExecutionException failure) {
      throw noAnswer(call, failure);
    }
  }

  private Answer read(HttpResponse<Body> response, byte[] body) {
    String text = withoutByteOrderMark(new String(body, StandardCharsets.UTF_8));
    Function<String, String> header = name -> response.headers().firstValue(name).orElse(null);
    return new Answer(
        response.statusCode(),
        response.statusCode() >= 400 ? redact(text) : text,
        header.apply("x-request-id"),
        header.apply("retry-after"),
        header.apply("location"));
  }

  private static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private CommetException noAnswer(Call call, Exception failure) {
    Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
    if (cause instanceof HttpTimeoutException) {
      return timedOut(call, cause);
    }
    if (cause instanceof IOException) {
      String message = "No answer from the Commet server: " + redact(reason(cause));
      return new CommetConnectionException(message, cause);
    }
    return new CommetException("Commet SDK: " + redact(reason(cause)), "INTERNAL_ERROR", cause);
  }

  private static CommetTimeoutException timedOut(Call call, Throwable cause) {
    String message = "No answer from the Commet server within " + call.timeout.toMillis() + " ms";
    return new CommetTimeoutException(message, cause);
  }

  /** The flag is set again, so that whoever interrupted the thread is still heard. */
  private static CommetException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new CommetException("Commet SDK: the call was interrupted", "INTERRUPTED", cause);
  }

  private void pause(Duration delay) {
    try {
      config.timing.pause(delay);
    } catch (InterruptedException cause) {
      throw interrupted(cause);
    }
  }

  /** "null" says nothing; the class of what was thrown, or what it wraps, does. */
  private static String reason(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at.getMessage() != null) {
        return at.getMessage();
      }
    }
    return failure.getClass().getSimpleName();
  }

  /** Takes the API key out of a text, should a server or a proxy ever echo it. */
  private String redact(String text) {
    return text.replace(config.apiKey, "ck_[redacted]");
  }
}
