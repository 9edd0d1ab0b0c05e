// Owns the live walk: the documentation's customer calls, in its order, against a started server.
// Does not use anything a user of the library could not: it lives in a package of its own.
// Always: ends with 1 at the first answer that is not what it should be.
package example;

import co.commet.Address;
import co.commet.ApiResponse;
import co.commet.BatchResult;
import co.commet.Commet;
import co.commet.CommetApiException;
import co.commet.CommetValidationException;
import co.commet.CreateCustomerParams;
import co.commet.Customer;
import co.commet.ListCustomersParams;
import co.commet.UpdateCustomerParams;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

public final class SeedPage {
  private static int checks;

  private SeedPage() {}

  public static void main(String[] arguments) {
    String run = "java-" + Long.toString(System.nanoTime(), 36);
    try (Commet commet = Commet.builder().apiKey(System.getenv("COMMET_API_KEY")).build()) {
      String id = create(commet, run);
      batch(commet, run);
      get(commet, id, run);
      update(commet, id, run);
      list(commet, run);
      refusals(commet);
      commet.customers().delete(id);
    } catch (RuntimeException failure) {
      failure.printStackTrace();
      System.exit(1);
    }
    System.out.println("Java live: " + checks + " answers as expected");
  }

  private static String create(Commet commet, String run) {
    CreateCustomerParams params =
        CreateCustomerParams.builder()
            .email("accounts@north.example")
            .id(run + "/first") // an ID of one's own may hold a slash
            .build();
    ApiResponse<Customer> result = commet.customers().create(params);
    String id = result.getData().getId();
    check("a cus_ ID", id.startsWith("cus_"), true);
    check("status of a new customer", result.getStatusCode(), 201);
    check("email", result.getData().getEmail(), "accounts@north.example");
    ApiResponse<Customer> again = commet.customers().create(params);
    check("the same customer", again.getData().getId(), id);
    check("status of a known customer", again.getStatusCode(), 200);
    return id;
  }

  private static void batch(Commet commet, String run) {
    ApiResponse<BatchResult> result =
        commet
            .customers()
            .createBatch(
                List.of(
                    Map.of("email", "one@north.example", "external_id", run + "-1"),
                    Map.of("email", "two@north.example", "external_id", run + "-2"),
                    Map.of("email", "not an address", "external_id", run + "-3")));
    check("successful", result.getData().getSuccessful().size(), 2);
    check("user ID", result.getData().getSuccessful().get(1).getExternalId(), run + "-2");
    check("failed", result.getData().getFailed().size(), 1);
    check("its place", result.getData().getFailed().get(0).getIndex(), 2L);
    check("its data", result.getData().getFailed().get(0).getData().get("email"), "not an address");
  }

  private static void get(Commet commet, String id, String run) {
    ApiResponse<Customer> result = commet.customers().get(id);
    check("by cus_ ID", result.getData().getExternalId(), run + "/first");
    check("by user ID", commet.customers().get(run + "/first").getData().getId(), id);
  }

  private static void update(Commet commet, String id, String run) {
    UpdateCustomerParams params =
        UpdateCustomerParams.builder()
            .email("new@north.example")
            .fullName("North Ltd")
            .metadata(Map.of("team_name", "north", "teamName", 7))
            .address(
                Address.builder()
                    .line1("Kai 4")
                    .city("Hamburg")
                    .postalCode("20457")
                    .country("DE")
                    .build())
            .build();
    Customer changed = commet.customers().update(id, params).getData();
    check("new email", changed.getEmail(), "new@north.example");
    check("address", changed.getAddress().getPostalCode(), "20457");
    check("metadata", changed.getMetadata(), Map.of("team_name", "north", "teamName", 7));
    UpdateCustomerParams cleared = UpdateCustomerParams.builder().fullName(null).build();
    Customer after = commet.customers().update(run + "/first", cleared).getData();
    check("name is cleared", after.getFullName(), null);
    check("email stays", after.getEmail(), "new@north.example");
  }

  private static void list(Commet commet, String run) {
    ApiResponse<List<Customer>> result = commet.customers().list(null, null, 25, null);
    check("rows", result.getData().size() >= 3 && result.getData().size() <= 25, true);
    check("more and cursor agree", result.isHasMore(), result.getNextCursor() != null);

    ApiResponse<List<Customer>> first = commet.customers().list(null, null, 1, null);
    check("one row", first.getData().size(), 1);
    check("more", first.isHasMore(), true);
    String nextCursor = first.getNextCursor();
    ApiResponse<List<Customer>> second = commet.customers().list(null, null, 1, nextCursor);
    check("another row", first.getData().equals(second.getData()), false);

    check("by user ID", commet.customers().list(run + "-1", null, null, null).getData().size(), 1);
    Set<String> seen = new HashSet<>();
    try (Stream<Customer> all =
        commet.customers().stream(ListCustomersParams.builder().limit(2).build())) {
      all.limit(5).forEach(customer -> check("seen once", seen.add(customer.getId()), true));
    }
    check("walked over pages", seen.size() >= 3, true);
  }

  private static void refusals(Commet commet) {
    try {
      commet.customers().get("nobody-of-that-name");
      throw new IllegalStateException("a customer that is not there was answered");
    } catch (CommetApiException error) {
      check("code", error.getCode(), "customer_not_found");
      check("status", error.getStatusCode(), 404);
      check("request ID", error.getRequestId() != null, true);
    }
    try {
      commet.customers().create(CreateCustomerParams.builder().email("nowhere").build());
      throw new IllegalStateException("a bad address was taken");
    } catch (CommetValidationException error) {
      check("fields", error.getValidationErrors().keySet(), Set.of("email"));
    }
  }

  private static void check(String what, Object actual, Object expected) {
    checks++;
    if (!Objects.equals(actual, expected)) {
      throw new IllegalStateException(what + ": expected " + expected + ", got " + actual);
    }
  }
}
