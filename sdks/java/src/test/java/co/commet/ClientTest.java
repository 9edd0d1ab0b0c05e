package co.commet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ClientTest {
  private static final String ONE = "{\"success\":true,\"data\":{\"id\":\"cus_1\",\"x_y\":[1]}}";

  @Test
  void theVersionIsThatOfThePom() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    assertTrue(pom.contains("<version>" + Version.SDK + "</version>"));
  }

  @Test
  void theEnvironmentNamesTheServerUnlessTheCallerDoes() {
    assertEquals("http://localhost:3000", Commet.Builder.resolvedBaseUrl(null, null));
    assertEquals("http://localhost:3000", Commet.Builder.resolvedBaseUrl(null, ""));
    assertEquals(
        "https://b.example/x", Commet.Builder.resolvedBaseUrl(null, "https://b.example/x/"));
    assertEquals(
        "http://a.example:81",
        Commet.Builder.resolvedBaseUrl("http://a.example:81/", "https://b.example"));
  }

  @Test
  void aBatchOfMapsHasItsKeysConvertedButNeverThoseOfMetadata() throws Exception {
    try (StubServer stub = new StubServer(StubServer.json(200, "{\"success\":true,\"data\":{}}"));
        Commet commet = stub.client().build()) {
      Map<String, Object> metadata = new HashMap<>();
      metadata.put("team_name", Map.of("sub_key", 1));
      metadata.put("teamName", null);
      commet
          .customers()
          .createBatch(
              List.of(
                  Map.of(
                      "email",
                      "a@b.example",
                      "external_id",
                      "user_1",
                      "address",
                      Map.of("line1", "x", "postal_code", "1"),
                      "metadata",
                      metadata),
                  Map.of("email", "b@b.example", "fullName", "B")),
              "batch 1");
      StubServer.Seen seen = stub.requests().get(0);
      assertEquals("batch 1", seen.headers().get("idempotency-key"));
      assertEquals(
          Json.parse(
              """
              {"customers":[
                {"email":"a@b.example","externalId":"user_1",
                 "address":{"line1":"x","postalCode":"1"},
                 "metadata":{"team_name":{"sub_key":1},"teamName":null}},
                {"email":"b@b.example","fullName":"B"}]}
              """),
          Json.parse(seen.text()));
    }
  }

  @Test
  void twoSpellingsOfOneFieldAreRefused() {
    try (StubServer stub = new StubServer();
        Commet commet = stub.client().build()) {
      CommetException error =
          assertThrows(
              CommetException.class,
              () ->
                  commet
                      .customers()
                      .createBatch(List.of(Map.of("external_id", "a", "externalId", "b"))));
      assertEquals("INVALID_ARGUMENT", error.getCode());
      assertEquals(List.of(), stub.requests());
    }
  }

  @Test
  void whatIsSetIsSentAlsoNullAndLaterChangesOfAMapAreNot() {
    Map<String, Object> metadata = new HashMap<>(Map.of("a", 1));
    UpdateCustomerParams params =
        UpdateCustomerParams.builder().fullName(null).metadata(metadata).build();
    metadata.put("b", 2);
    assertEquals("{\"fullName\":null,\"metadata\":{\"a\":1}}", Json.tree(params).toString());
    assertEquals(
        params, UpdateCustomerParams.builder().fullName(null).metadata(Map.of("a", 1)).build());
    assertNotEquals(params, UpdateCustomerParams.builder().build());
  }

  @Test
  void nullOfAFieldThatIsNeverNullIsAbsent() {
    CreateCustomerParams created =
        CreateCustomerParams.builder()
            .email("a@b.example")
            .id("user_1")
            .id(null)
            .externalId(null)
            .timezone(null)
            .fullName(null)
            .metadata(null)
            .address(Address.builder().line1("x").line2(null).build())
            .build();
    assertEquals(
        "{\"email\":\"a@b.example\",\"fullName\":null,\"metadata\":null,"
            + "\"address\":{\"line1\":\"x\"}}",
        Json.tree(created).toString());
    UpdateCustomerParams updated =
        UpdateCustomerParams.builder().email(null).externalId(null).build();
    assertEquals("{\"externalId\":null}", Json.tree(updated).toString());
  }

  @Test
  void nullOfAFieldThatIsNeverNullIsAbsentInAMapToo() throws Exception {
    try (StubServer stub = new StubServer(StubServer.json(200, "{\"success\":true,\"data\":{}}"));
        Commet commet = stub.client().build()) {
      Map<String, Object> address = new HashMap<>(Map.of("line1", "x"));
      address.put("line2", null);
      Map<String, Object> metadata = new HashMap<>();
      metadata.put("id", null);
      Map<String, Object> item = new HashMap<>(Map.of("address", address, "metadata", metadata));
      for (String name : List.of("email", "id", "external_id", "timezone", "full_name")) {
        item.put(name, null);
      }
      commet.customers().createBatch(List.of(item));
      assertEquals(
          Json.parse(
              """
              {"customers":[{"email":null,"fullName":null,"address":{"line1":"x"},
                             "metadata":{"id":null}}]}
              """),
          Json.parse(stub.requests().get(0).text()));
    }
  }

  @Test
  void parametersThatAreRequiredCannotBeNull() {
    try (StubServer stub = new StubServer();
        Commet commet = stub.client().build()) {
      assertThrows(CommetException.class, () -> commet.customers().create(null));
      assertThrows(CommetException.class, () -> commet.customers().get(null));
      assertThrows(CommetException.class, () -> commet.customers().get("a\ud800"));
      assertThrows(CommetException.class, () -> ApiRequest.of("GET", "/customers?limit=1"));
      assertEquals(List.of(), stub.requests());
    }
  }

  @Test
  void anAnswerIsAValueAndKeepsWhatItDoesNotKnow() {
    try (StubServer stub = new StubServer(StubServer.json(200, ONE), StubServer.json(200, ONE));
        Commet commet = stub.client().build()) {
      Customer first = commet.customers().get("cus_1").getData();
      Customer second = commet.customers().get("cus_1").getData();
      assertEquals(first, second);
      assertEquals(first.hashCode(), second.hashCode());
      assertEquals(Map.of("x_y", List.of(1)), first.getUnknownFields());
      assertTrue(first.toString().startsWith("Customer{"));
      assertFalse(commet.toString().contains("ck_"));
    }
  }

  @Test
  void anOperationWithoutAMethodCanBeCalled() {
    try (StubServer stub =
            new StubServer(
                StubServer.json(200, ONE),
                StubServer.json(
                    200, "{\"object\":\"list\",\"data\":[{\"a\":1}],\"hasMore\":false}"));
        Commet commet = stub.client().build()) {
      ApiRequest post = ApiRequest.of("POST", "/things/{id}", "a/b").body(Map.of("a_b", 1));
      assertEquals("cus_1", commet.request(post, Customer.class).getData().getId());
      assertEquals("/api/v1/things/a%2Fb", stub.requests().get(0).target());
      assertEquals("{\"a_b\":1}", stub.requests().get(0).text());
      ApiRequest list = ApiRequest.of("GET", "/things").query(Map.of("limit", 1));
      assertEquals(1, commet.requestList(list, Map.class).getData().size());
    }
  }

  @Test
  void waitsNeverExceedEightSecondsAndChanceOnlyShortensThem() {
    StubServer.Reply broken = StubServer.json(500, "{}");
    RecordedTiming timing = new RecordedTiming(0.5);
    try (StubServer stub = new StubServer(broken, broken, broken, broken, broken, broken);
        Commet commet = stub.client().retries(5).timing(timing).build()) {
      assertThrows(CommetApiException.class, () -> commet.customers().get("a"));
      assertEquals(List.of(0.875, 1.75, 3.5, 7.0, 7.0), timing.waits);
    }
  }

  @Test
  void optionsOfACallOverrideThoseOfTheClient() {
    try (StubServer stub = new StubServer(StubServer.json(500, "{}"), StubServer.silence());
        Commet commet = stub.client().build()) {
      RequestOptions once = RequestOptions.builder().retries(0).apiVersion("2026-07-31").build();
      CreateCustomerParams params = CreateCustomerParams.builder().email("a@b.example").build();
      assertThrows(CommetApiException.class, () -> commet.customers().create(params, once));
      assertEquals("2026-07-31", stub.requests().get(0).headers().get("commet-version"));
      assertFalse(stub.requests().get(0).headers().containsKey("idempotency-key"));
      RequestOptions brief =
          RequestOptions.builder().retries(0).timeout(Duration.ofMillis(80)).build();
      assertThrows(CommetTimeoutException.class, () -> commet.customers().get("a", brief));
      assertThrows(CommetException.class, () -> RequestOptions.builder().retries(-1));
      assertThrows(CommetException.class, () -> RequestOptions.builder().timeout(Duration.ZERO));
    }
  }

  @Test
  void anInterruptEndsTheCallAndIsStillHeard() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    CountDownLatch flag = new CountDownLatch(1);
    try (StubServer stub = new StubServer(StubServer.silence());
        Commet commet = stub.client().build()) {
      Thread caller =
          new Thread(
              () -> {
                try {
                  commet.customers().get("a");
                } catch (CommetException error) {
                  thrown.set(error);
                }
                if (Thread.currentThread().isInterrupted()) {
                  flag.countDown();
                }
              });
      caller.start();
      caller.interrupt();
      caller.join(10_000);
      assertEquals("INTERRUPTED", assertInstanceOf(CommetException.class, thrown.get()).getCode());
      assertEquals(0, flag.getCount());
    }
  }

  @Test
  void aClosedClientRefusesAndAnHttpClientThatWasPassedInIsUsed() {
    HttpClient own = HttpClient.newHttpClient();
    try (StubServer stub = new StubServer(StubServer.json(200, ONE))) {
      Commet commet = stub.client().httpClient(own).build();
      commet.customers().get("a");
      commet.close();
      assertThrows(CommetException.class, () -> commet.customers().get("a"));
      assertEquals(1, stub.requests().size());
    }
  }

  @Test
  void anHttpClientThatFollowsRedirectsIsRefused() {
    for (HttpClient.Redirect policy :
        List.of(HttpClient.Redirect.ALWAYS, HttpClient.Redirect.NORMAL)) {
      HttpClient following = HttpClient.newBuilder().followRedirects(policy).build();
      CommetException refusal =
          assertThrows(CommetException.class, () -> Commet.builder().httpClient(following));
      assertEquals("INVALID_ARGUMENT", refusal.getCode());
    }
  }

  @Test
  void theKeyIsTakenOutOfWhatAServerEchoes() {
    String echo = "{\"error\":{\"message\":\"bad key ck_sandbox_0123456789abcdef\"}}";
    try (StubServer stub = new StubServer(StubServer.json(401, echo));
        Commet commet = stub.client().build()) {
      CommetApiException error =
          assertThrows(CommetApiException.class, () -> commet.customers().get("a"));
      assertEquals("bad key ck_[redacted]", error.getMessage());
    }
  }

  @Test
  void standardHeadersMayBeListsAsServersHandThemOver() {
    WebhookVerifier verifier = new WebhookVerifier();
    Map<String, Object> headers =
        Map.of(
            "Webhook-Id", List.of("a"),
            "Webhook-Timestamp", List.of("1"),
            "Webhook-Signature", List.of("v1,AAAA"));
    assertFalse(verifier.verifyStandard("{}".getBytes(), headers, "whsec_AAAA"));
    assertFalse(verifier.verifyStandard("{}".getBytes(), null, null));
  }
}
