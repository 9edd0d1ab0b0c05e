// Owns this library's walk through the shared vectors: every case, against a stub on the loopback.
// Does not know any case; spec/vectors/README.md says what the keys mean.
// Always: no case is skipped, and a key this runner does not know is an error.
package co.commet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

class VectorsTest {
  private static final Path FOLDER = Path.of("../../spec/vectors");
  private static final String KEY = "ck_sandbox_0123456789abcdef";
  private static final Pattern AGENT =
      Pattern.compile("^commet-(node|python|go|java|php)/[0-9]+\\.[0-9]+\\.[0-9]+");
  private static final List<String> SAME_HEADERS =
      List.of("x-api-key", "commet-version", "content-type", "idempotency-key");
  private static final Set<String> AUTOMATIC_KEYS = ConcurrentHashMap.newKeySet();

  @TestFactory
  Stream<DynamicTest> vectors() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Path file : files()) {
      JsonNode topic = Json.parse(Files.readString(file));
      onlyKeys(topic, "topic", "about", "cases");
      for (JsonNode vector : topic.get("cases")) {
        String id = vector.get("id").textValue();
        assertTrue(ids.add(id), id + " stands there twice");
        tests.add(DynamicTest.dynamicTest(id, named(id, bodyOf(vector))));
      }
    }
    assertTrue(tests.size() >= 150, "there are vectors");
    return tests.stream();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  /** Reports of builds name the method, not the case. */
  private static Executable named(String id, Executable body) {
    return () -> {
      try {
        body.execute();
      } catch (AssertionError failure) {
        throw new AssertionError(id + ": " + failure.getMessage(), failure);
      }
    };
  }

  private static Executable bodyOf(JsonNode vector) {
    return switch (vector.get("kind").textValue()) {
      case "call" -> () -> call(vector);
      case "client" -> () -> client(vector);
      case "webhook" -> () -> webhook(vector);
      default -> throw new AssertionError("an unknown kind of case");
    };
  }

  // ------------------------------------------------------------------------------------- webhooks

  private static void webhook(JsonNode vector) {
    onlyKeys(vector, "id", "purpose", "kind", "webhook", "expect");
    JsonNode given = vector.get("webhook");
    JsonNode expected = vector.get("expect");
    onlyKeys(expected, "valid", "event");
    WebhookVerifier verifier = new WebhookVerifier();
    byte[] payload = given.get("payload").textValue().getBytes(StandardCharsets.UTF_8);
    String secret = given.get("secret").textValue();
    boolean valid;
    Map<String, Object> event;
    if (given.get("scheme").textValue().equals("hex")) {
      onlyKeys(given, "scheme", "secret", "payload", "signature");
      String signature = given.path("signature").textValue();
      valid = verifier.verify(payload, signature, secret);
      event = verifier.verifyAndParse(payload, signature, secret);
      String text = given.get("payload").textValue();
      assertEquals(valid, verifier.verify(text, signature, secret));
      assertEquals(event, verifier.verifyAndParse(text, signature, secret));
    } else {
      onlyKeys(given, "scheme", "secret", "payload", "headers", "now", "toleranceSeconds");
      Map<String, String> headers = textMap(given.get("headers"));
      Duration tolerance = Duration.ofSeconds(given.path("toleranceSeconds").asLong(300));
      Instant now = Instant.ofEpochSecond(given.get("now").longValue());
      valid = verifier.verifyStandard(payload, headers, secret, tolerance, now);
      event = verifier.verifyAndParseStandard(payload, headers, secret, tolerance, now);
    }
    assertEquals(expected.get("valid").booleanValue(), valid);
    if (expected.path("event").isNull() || expected.path("event").isMissingNode()) {
      assertNull(event);
    } else {
      same(expected.get("event"), Json.tree(event), "event", true);
    }
  }

  private static Map<String, String> textMap(JsonNode node) {
    Map<String, String> map = new TreeMap<>();
    node.fields().forEachRemaining(entry -> map.put(entry.getKey(), entry.getValue().textValue()));
    return map;
  }

  // -------------------------------------------------------------------------------------- clients

  private static void client(JsonNode vector) {
    onlyKeys(vector, "id", "purpose", "kind", "client", "expect");
    onlyKeys(vector.get("expect"), "error");
    Commet.Builder builder = Commet.builder();
    CommetException error =
        assertThrows(CommetException.class, () -> configure(builder, vector.get("client")).build());
    sameError(vector.get("expect").get("error"), error);
  }

  private static Commet.Builder configure(Commet.Builder builder, JsonNode client) {
    onlyKeys(client, "apiKey", "apiVersion", "retries", "timeoutMs", "basePath", "baseUrl");
    builder.apiKey(client.has("apiKey") ? client.get("apiKey").textValue() : KEY);
    given(client, "apiVersion", value -> builder.apiVersion(value.textValue()));
    given(client, "retries", value -> builder.retries(value.intValue()));
    given(client, "timeoutMs", value -> builder.timeout(Duration.ofMillis(value.longValue())));
    given(client, "baseUrl", value -> builder.baseUrl(value.textValue()));
    return builder;
  }

  // ---------------------------------------------------------------------------------------- calls

  private static void call(JsonNode vector) throws Exception {
    onlyKeys(
        vector,
        "id",
        "purpose",
        "kind",
        "client",
        "call",
        "exchanges",
        "waits",
        "expect",
        "server");
    JsonNode settings = vector.path("client");
    RecordedTiming timing = new RecordedTiming(ThreadLocalRandom.current().nextDouble());
    List<JsonNode> exchanges = list(vector.get("exchanges"));
    StubServer.Reply[] replies =
        exchanges.stream()
            .map(exchange -> reply(exchange.get("reply")))
            .toArray(StubServer.Reply[]::new);
    try (StubServer stub = new StubServer(replies)) {
      Commet.Builder builder = Commet.builder().timing(timing);
      builder.baseUrl(stub.url() + settings.path("basePath").asText(""));
      try (Commet commet = configure(builder, settings).build()) {
        outcome(vector.get("expect"), () -> perform(commet, vector.get("call")));
      }
      assertEquals(exchanges.size(), stub.requests().size(), "requests that were sent");
      Wire wire = new Wire(exchanges, stub.requests(), settings);
      wire.check();
    }
    sameWaits(list(vector.path("waits")), timing.waits);
  }

  private interface Call {
    ApiResponse<?> make();
  }

  private static void outcome(JsonNode expected, Call call) {
    onlyKeys(expected, "result", "error", "openFields", "exactIntegers");
    if (expected.has("error")) {
      CommetException error = assertThrows(CommetException.class, call::make);
      sameError(expected.get("error"), error);
      return;
    }
    ApiResponse<?> answer = call.make();
    assertTrue(answer.isSuccess());
    JsonNode result = expected.get("result");
    onlyKeys(result, "data", "hasMore", "nextCursor", "status", "requestId");
    JsonNode data = Json.tree(answer.getData());
    same(result.get("data"), data, "data", false);
    given(result, "hasMore", value -> assertEquals(value.booleanValue(), answer.isHasMore()));
    given(result, "nextCursor", value -> assertEquals(value.textValue(), answer.getNextCursor()));
    given(result, "status", value -> assertEquals(value.intValue(), answer.getStatusCode()));
    given(result, "requestId", value -> assertEquals(value.textValue(), answer.getRequestId()));
    expected
        .path("exactIntegers")
        .fields()
        .forEachRemaining(
            entry -> assertEquals(entry.getValue().textValue(), at(data, entry.getKey()).asText()));
    // Beyond what a closed type must do: a field this version does not know is kept.
    expected
        .path("openFields")
        .fields()
        .forEachRemaining(
            entry -> same(entry.getValue(), at(data, entry.getKey()), entry.getKey(), true));
  }

  private static JsonNode at(JsonNode data, String path) {
    return data.at(path.replaceFirst("^data", "").replace('.', '/'));
  }

  private static ApiResponse<?> perform(Commet commet, JsonNode call) {
    onlyKeys(call, "operation", "arguments", "options", "iterate", "take");
    JsonNode arguments = call.get("arguments");
    RequestOptions options = options(call.path("options"));
    if (call.path("iterate").asBoolean(false)) {
      return walk(commet, call, options);
    }
    return switch (call.get("operation").textValue()) {
      case "customers.create" -> commet.customers().create(createCustomer(arguments), options);
      case "customers.createBatch" -> commet.customers().createBatch(batch(arguments), options);
      case "customers.get" -> commet.customers().get(id(arguments, true), options);
      case "customers.delete" -> commet.customers().delete(id(arguments, true), options);
      case "customers.update" ->
          commet.customers().update(id(arguments, false), updateCustomer(arguments), options);
      case "customers.list" -> commet.customers().list(listCustomers(arguments), options);
      case "apiKeys.list" -> commet.apiKeys().list(listApiKeys(arguments), options);
      case "apiKeys.create" -> commet.apiKeys().create(createApiKey(arguments), options);
      case "apiKeys.delete" -> commet.apiKeys().delete(id(arguments, true), options);
      default -> throw new AssertionError("an unknown operation");
    };
  }

  private static ApiResponse<?> walk(Commet commet, JsonNode call, RequestOptions options) {
    JsonNode arguments = call.get("arguments");
    Stream<? extends Model> rows =
        switch (call.get("operation").textValue()) {
          case "customers.list" -> commet.customers().stream(listCustomers(arguments), options);
          case "apiKeys.list" -> commet.apiKeys().stream(listApiKeys(arguments), options);
          default -> throw new AssertionError("an unknown list");
        };
    List<? extends Model> taken =
        call.has("take") ? rows.limit(call.get("take").longValue()).toList() : rows.toList();
    return new ApiResponse<>(taken, 200, null, false, null);
  }

  private static RequestOptions options(JsonNode options) {
    onlyKeys(options, "idempotencyKey");
    RequestOptions.Builder builder = RequestOptions.builder();
    given(options, "idempotencyKey", value -> builder.idempotencyKey(value.textValue()));
    return builder.build();
  }

  private static String id(JsonNode arguments, boolean alone) {
    if (alone) {
      onlyKeys(arguments, "id");
    }
    return arguments.get("id").textValue();
  }

  private static CreateCustomerParams createCustomer(JsonNode arguments) {
    onlyKeys(
        arguments,
        "email",
        "id",
        "externalId",
        "fullName",
        "taxDocument",
        "timezone",
        "address",
        "metadata");
    CreateCustomerParams.Builder params = CreateCustomerParams.builder();
    given(arguments, "email", value -> params.email(value.textValue()));
    given(arguments, "id", value -> params.id(value.textValue()));
    given(arguments, "externalId", value -> params.externalId(value.textValue()));
    given(arguments, "fullName", value -> params.fullName(value.textValue()));
    given(arguments, "taxDocument", value -> params.taxDocument(value.textValue()));
    given(arguments, "timezone", value -> params.timezone(value.textValue()));
    given(arguments, "address", value -> params.address(address(value)));
    given(arguments, "metadata", value -> params.metadata(map(value)));
    return params.build();
  }

  private static CreateCustomerBatchParams batch(JsonNode arguments) {
    onlyKeys(arguments, "customers");
    List<CreateCustomerParams> customers =
        list(arguments.get("customers")).stream().map(VectorsTest::createCustomer).toList();
    return CreateCustomerBatchParams.builder().customers(customers).build();
  }

  private static UpdateCustomerParams updateCustomer(JsonNode arguments) {
    onlyKeys(
        arguments,
        "id",
        "email",
        "fullName",
        "taxDocument",
        "externalId",
        "timezone",
        "address",
        "metadata");
    UpdateCustomerParams.Builder params = UpdateCustomerParams.builder();
    given(arguments, "email", value -> params.email(value.textValue()));
    given(arguments, "fullName", value -> params.fullName(value.textValue()));
    given(arguments, "taxDocument", value -> params.taxDocument(value.textValue()));
    given(arguments, "externalId", value -> params.externalId(value.textValue()));
    given(arguments, "timezone", value -> params.timezone(value.textValue()));
    given(arguments, "address", value -> params.address(address(value)));
    given(arguments, "metadata", value -> params.metadata(map(value)));
    return params.build();
  }

  private static Address address(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    onlyKeys(value, "line1", "line2", "city", "state", "postalCode", "country", "region");
    Address.Builder address = Address.builder();
    given(value, "line1", text -> address.line1(text.textValue()));
    given(value, "line2", text -> address.line2(text.textValue()));
    given(value, "city", text -> address.city(text.textValue()));
    given(value, "state", text -> address.state(text.textValue()));
    given(value, "postalCode", text -> address.postalCode(text.textValue()));
    given(value, "country", text -> address.country(text.textValue()));
    given(value, "region", text -> address.region(text.textValue()));
    return address.build();
  }

  private static ListCustomersParams listCustomers(JsonNode arguments) {
    onlyKeys(
        arguments,
        "limit",
        "cursor",
        "order",
        "externalId",
        "email",
        "search",
        "createdAfter",
        "createdBefore",
        "metadata");
    ListCustomersParams.Builder params = ListCustomersParams.builder();
    given(arguments, "limit", value -> params.limit(value.intValue()));
    given(arguments, "cursor", value -> params.cursor(value.textValue()));
    given(arguments, "order", value -> params.order(value.textValue()));
    given(arguments, "externalId", value -> params.externalId(value.textValue()));
    given(arguments, "email", value -> params.email(value.textValue()));
    given(arguments, "search", value -> params.search(value.textValue()));
    given(arguments, "createdAfter", value -> params.createdAfter(instant(value)));
    given(arguments, "createdBefore", value -> params.createdBefore(instant(value)));
    given(arguments, "metadata", value -> params.metadata(map(value)));
    return params.build();
  }

  private static Instant instant(JsonNode value) {
    return Instant.parse(value.textValue());
  }

  private static ListApiKeysParams listApiKeys(JsonNode arguments) {
    onlyKeys(arguments, "limit", "cursor");
    ListApiKeysParams.Builder params = ListApiKeysParams.builder();
    given(arguments, "limit", value -> params.limit(value.intValue()));
    given(arguments, "cursor", value -> params.cursor(value.textValue()));
    return params.build();
  }

  private static CreateApiKeyParams createApiKey(JsonNode arguments) {
    onlyKeys(arguments, "name", "expiresInDays");
    CreateApiKeyParams.Builder params = CreateApiKeyParams.builder();
    given(arguments, "name", value -> params.name(value.textValue()));
    given(arguments, "expiresInDays", value -> params.expiresInDays(value.longValue()));
    return params.build();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode value) {
    return (Map<String, Object>) Json.plain(value);
  }

  private static StubServer.Reply reply(JsonNode reply) {
    onlyKeys(reply, "status", "headers", "body", "text", "fault");
    if (reply.has("fault")) {
      return switch (reply.get("fault").textValue()) {
        case "reset" -> StubServer.reset();
        case "silence" -> StubServer.silence();
        case "cut" -> StubServer.cut();
        case "stall" -> StubServer.stall();
        default -> throw new AssertionError("an unknown fault");
      };
    }
    List<String> headers = new ArrayList<>();
    reply
        .path("headers")
        .fields()
        .forEachRemaining(
            entry -> headers.add(entry.getKey() + ": " + entry.getValue().textValue()));
    int status = reply.get("status").intValue();
    String[] lines = headers.toArray(String[]::new);
    return reply.has("text")
        ? StubServer.raw(status, reply.get("text").textValue(), lines)
        : StubServer.json(status, reply.get("body").toString(), lines);
  }

  // --------------------------------------------------------------------------------- requests sent

  private record Wire(List<JsonNode> exchanges, List<StubServer.Seen> requests, JsonNode settings) {
    void check() throws Exception {
      for (int index = 0; index < exchanges.size(); index++) {
        onlyKeys(exchanges.get(index), "request", "again", "reply");
        StubServer.Seen seen = requests.get(index);
        standingRules(seen);
        if (exchanges.get(index).path("again").asBoolean(false)) {
          sameAsFirst(seen);
        } else {
          sameRequest(exchanges.get(index).get("request"), seen);
        }
      }
      noteAutomaticKey();
    }

    private void standingRules(StubServer.Seen seen) {
      String key = settings.path("apiKey").asText(KEY);
      assertEquals(key.strip(), seen.headers().get("x-api-key"));
      assertEquals("application/json", seen.headers().get("accept"));
      String version = settings.path("apiVersion").asText("2026-07-11");
      assertEquals(version, seen.headers().get("commet-version"));
      assertTrue(AGENT.matcher(seen.headers().getOrDefault("user-agent", "")).find());
      if (seen.body().length > 0) {
        assertTrue(seen.headers().get("content-type").matches("application/json(;.*)?"));
      }
      assertFalse(seen.headers().containsKey("commet-client-telemetry"));
      assertFalse(seen.method().equals("GET") && seen.headers().containsKey("idempotency-key"));
    }

    private void sameAsFirst(StubServer.Seen seen) {
      StubServer.Seen first = requests.get(0);
      assertEquals(first.method(), seen.method());
      assertEquals(first.target(), seen.target());
      assertArrayEquals(first.body(), seen.body());
      for (String name : SAME_HEADERS) {
        assertEquals(first.headers().get(name), seen.headers().get(name), name);
      }
    }

    /** Never seen in two cases of one run. */
    private void noteAutomaticKey() {
      if (requests.isEmpty()) {
        return;
      }
      String key = requests.get(0).headers().getOrDefault("idempotency-key", "");
      if (key.startsWith("commet-java-retry-")) {
        assertTrue(AUTOMATIC_KEYS.add(key));
      }
    }

    private static void sameRequest(JsonNode expected, StubServer.Seen seen) throws Exception {
      onlyKeys(expected, "method", "path", "query", "headers", "body");
      assertEquals(expected.get("method").textValue(), seen.method());
      String[] target = seen.target().split("\\?", 2);
      assertEquals(segments(expected.get("path").textValue()), segments(target[0]));
      assertEquals(
          expected.has("query") ? textMap(expected.get("query")) : null,
          target.length == 1 ? null : query(target[1]));
      expected
          .path("headers")
          .fields()
          .forEachRemaining(entry -> sameHeader(entry.getKey(), entry.getValue(), seen));
      if (expected.has("body")) {
        same(expected.get("body"), Json.parse(seen.text()), "body", true);
      } else {
        assertEquals("", seen.text());
      }
    }

    private static void sameHeader(String name, JsonNode expected, StubServer.Seen seen) {
      String value = seen.headers().get(name);
      if (expected.isTextual()) {
        assertEquals(expected.textValue(), value, name);
        return;
      }
      onlyKeys(expected, "matches", "absent");
      if (expected.path("absent").asBoolean(false)) {
        assertNull(value, name);
      } else {
        assertNotNull(value, name);
        assertTrue(Pattern.compile(expected.get("matches").textValue()).matcher(value).find());
      }
    }

    private static List<String> segments(String path) {
      return Arrays.stream(path.split("/", -1))
          .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
          .toList();
    }

    private static Map<String, String> query(String raw) {
      Map<String, String> query = new TreeMap<>();
      for (String pair : raw.split("&")) {
        String[] parts = pair.split("=", 2);
        String name = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
        assertNull(query.put(name, URLDecoder.decode(parts[1], StandardCharsets.UTF_8)), name);
      }
      return query;
    }
  }

  // ------------------------------------------------------------------------------------ comparing

  private static void sameError(JsonNode expected, CommetException error) {
    onlyKeys(
        expected,
        "kind",
        "status",
        "code",
        "type",
        "param",
        "message",
        "messageMatches",
        "requestId",
        "docUrl",
        "retryAfter",
        "details",
        "validationErrors");
    Class<?> wanted =
        switch (expected.get("kind").textValue()) {
          case "validation" -> CommetValidationException.class;
          case "api" -> CommetApiException.class;
          case "connection" -> CommetConnectionException.class;
          case "timeout" -> CommetTimeoutException.class;
          case "local" -> CommetException.class;
          default -> throw new AssertionError("an unknown kind of error");
        };
    assertEquals(wanted, error.getClass(), () -> String.valueOf(error));
    assertFalse(String.valueOf(error).contains(KEY), "the key is in the message");
    given(expected, "code", value -> assertEquals(value.textValue(), error.getCode()));
    given(expected, "message", value -> assertEquals(value.textValue(), error.getMessage()));
    given(
        expected,
        "messageMatches",
        value -> assertTrue(Pattern.compile(value.textValue()).matcher(error.getMessage()).find()));
    if (wanted == CommetException.class) {
      assertEquals("INVALID_ARGUMENT", error.getCode());
    }
    if (error instanceof CommetApiException refusal) {
      sameRefusal(expected, refusal);
    } else {
      for (String key : List.of("status", "type", "param", "requestId", "docUrl", "retryAfter")) {
        assertTrue(expected.path(key).isMissingNode() || expected.path(key).isNull(), key);
      }
    }
  }

  private static void sameRefusal(JsonNode expected, CommetApiException error) {
    given(expected, "status", value -> assertEquals(value.intValue(), error.getStatusCode()));
    given(expected, "type", value -> assertEquals(value.textValue(), error.getType()));
    given(expected, "param", value -> assertEquals(value.textValue(), error.getParam()));
    given(expected, "requestId", value -> assertEquals(value.textValue(), error.getRequestId()));
    given(expected, "docUrl", value -> assertEquals(value.textValue(), error.getDocUrl()));
    given(
        expected,
        "retryAfter",
        value -> {
          Duration asked = error.getRetryAfter();
          assertEquals(
              value.isNull() ? null : value.doubleValue(),
              asked == null ? null : asked.toNanos() / 1e9);
        });
    given(
        expected, "details", value -> same(value, Json.tree(error.getDetails()), "details", true));
    given(
        expected,
        "validationErrors",
        value -> {
          var refused = assertInstanceOf(CommetValidationException.class, error);
          same(value, Json.tree(refused.getValidationErrors()), "validationErrors", true);
        });
  }

  private static void sameWaits(List<JsonNode> expected, List<Double> waits) {
    assertEquals(expected.size(), waits.size(), () -> "waits " + waits);
    for (int index = 0; index < waits.size(); index++) {
      JsonNode wait = expected.get(index);
      double seconds = waits.get(index);
      if (wait.isNumber()) {
        assertEquals(wait.doubleValue(), seconds, 1e-9);
      } else {
        onlyKeys(wait, "min", "max");
        assertTrue(seconds >= wait.get("min").doubleValue(), () -> "waits " + waits);
        assertTrue(seconds <= wait.get("max").doubleValue(), () -> "waits " + waits);
      }
    }
  }

  /** Listed fields only, unless {@code exact}; below metadata always exactly. */
  private static void same(JsonNode expected, JsonNode actual, String place, boolean exact) {
    if (expected.isObject()) {
      assertTrue(actual.isObject(), () -> place + " is an object, got " + actual);
      if (exact) {
        assertEquals(names(expected), names(actual), place);
      }
      expected
          .fields()
          .forEachRemaining(
              entry -> {
                String name = entry.getKey();
                JsonNode value = actual.has(name) ? actual.get(name) : MissingNode.getInstance();
                boolean below = exact || (name.equals("metadata") && !entry.getValue().isNull());
                same(entry.getValue(), value, place + "." + name, below);
              });
    } else if (expected.isArray()) {
      assertTrue(actual.isArray(), () -> place + " is a list, got " + actual);
      assertEquals(expected.size(), actual.size(), place);
      for (int index = 0; index < expected.size(); index++) {
        same(expected.get(index), actual.get(index), place + "." + index, exact);
      }
    } else if (expected.isNull()) {
      assertTrue(actual.isNull() || (!exact && actual.isMissingNode()), place);
    } else if (expected.isNumber()) {
      assertTrue(actual.isNumber(), () -> place + " is a number, got " + actual);
      assertEquals(0, expected.decimalValue().compareTo(actual.decimalValue()), place);
    } else {
      assertEquals(expected, actual, place);
    }
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void given(JsonNode object, String name, Consumer<JsonNode> use) {
    if (object.has(name)) {
      use.accept(object.get(name));
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }

  private static void onlyKeys(JsonNode object, String... known) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      assertTrue(List.of(known).contains(name), () -> "this runner does not know " + name);
    }
  }
}
