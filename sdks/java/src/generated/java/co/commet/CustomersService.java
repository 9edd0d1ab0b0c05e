// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The {@code customers} resource. */
public final class CustomersService {
  private final Transport transport;

  CustomersService(Transport transport) {
    this.transport = transport;
  }

  /**
   * Creates a customer. With a user ID ({@code id}) the call is idempotent: if a customer with that
   * user ID exists, it is answered unchanged. E-mail addresses need not be unique.
   */
  public ApiResponse<Customer> create(CreateCustomerParams params) {
    return create(params, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<Customer> create(CreateCustomerParams params, RequestOptions options) {
    ApiRequest request = ApiRequest.of("POST", "/customers");
    request.body(params);
    return transport.call(request.options(options), Customer.class);
  }

  /**
   * Answers one customer, found by its {@code cus_} ID or by your own user ID.
   *
   * <p>Error codes: {@code customer_not_found} (404).
   */
  public ApiResponse<Customer> get(String id) {
    return get(id, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<Customer> get(String id, RequestOptions options) {
    ApiRequest request = ApiRequest.of("GET", "/customers/{id}", id);
    return transport.call(request.options(options), Customer.class);
  }

  /**
   * Changes the fields that are sent and leaves the others. Address and metadata are replaced
   * whole. {@code null} clears {@code fullName}, {@code taxDocument}, {@code address} and {@code
   * externalId}, and empties {@code metadata}.
   *
   * <p>Error codes: {@code customer_not_found} (404), {@code duplicate} (409).
   */
  public ApiResponse<Customer> update(String id, UpdateCustomerParams params) {
    return update(id, params, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<Customer> update(
      String id, UpdateCustomerParams params, RequestOptions options) {
    ApiRequest request = ApiRequest.of("PUT", "/customers/{id}", id);
    request.body(params);
    return transport.call(request.options(options), Customer.class);
  }

  /**
   * A page of customers, newest first. Pass {@code nextCursor} to get the next page with the same
   * filters; rows that exist throughout are seen exactly once, whatever is inserted or deleted
   * meanwhile.
   */
  public ApiResponse<List<Customer>> list() {
    return list(null, RequestOptions.none());
  }

  /**
   * A page of customers, newest first. Pass {@code nextCursor} to get the next page with the same
   * filters; rows that exist throughout are seen exactly once, whatever is inserted or deleted
   * meanwhile.
   */
  public ApiResponse<List<Customer>> list(ListCustomersParams params) {
    return list(params, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<List<Customer>> list(ListCustomersParams params, RequestOptions options) {
    ApiRequest request = ApiRequest.of("GET", "/customers");
    request.query(params);
    return transport.list(request.options(options), Customer.class);
  }

  /** One page, by the filters in most use. Null leaves one out. */
  public ApiResponse<List<Customer>> list(
      String externalId, String search, Integer limit, String cursor) {
    ListCustomersParams.Builder params = ListCustomersParams.builder();
    params.externalId(externalId);
    params.search(search);
    if (limit != null) {
      params.limit(limit);
    }
    params.cursor(cursor);
    return list(params.build());
  }

  /** Every row of every page, one request per page, only as far as the stream is read. */
  public Stream<Customer> stream() {
    return stream(null, RequestOptions.none());
  }

  /** Every row of every page, one request per page, only as far as the stream is read. */
  public Stream<Customer> stream(ListCustomersParams params) {
    return stream(params, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public Stream<Customer> stream(ListCustomersParams params, RequestOptions options) {
    ApiRequest request = ApiRequest.of("GET", "/customers");
    request.query(params);
    return transport.stream(request.options(options), Customer.class);
  }

  /**
   * Creates 1 to 100 customers in one request. Items that break a rule are reported in {@code
   * failed} with their index and do not stop the others. An item whose user ID exists resolves to
   * the existing customer.
   */
  public ApiResponse<BatchResult> createBatch(CreateCustomerBatchParams params) {
    return createBatch(params, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<BatchResult> createBatch(
      CreateCustomerBatchParams params, RequestOptions options) {
    ApiRequest request = ApiRequest.of("POST", "/customers/batch");
    request.body(params);
    return transport.call(request.options(options), BatchResult.class);
  }

  /**
   * The same, each thing as a map with keys in snake_case or camelCase. Keys inside free-form
   * fields are not touched. A null is sent where it clears the field.
   */
  public ApiResponse<BatchResult> createBatch(List<? extends Map<String, ?>> customers) {
    return createBatch(customers, RequestOptions.none());
  }

  /** The same, under an idempotency key; null or empty is none. */
  public ApiResponse<BatchResult> createBatch(
      List<? extends Map<String, ?>> customers, String idempotencyKey) {
    return createBatch(customers, RequestOptions.ofIdempotencyKey(idempotencyKey));
  }

  /** The same, with options of this one call. */
  public ApiResponse<BatchResult> createBatch(
      List<? extends Map<String, ?>> customers, RequestOptions options) {
    List<Map<String, Object>> items =
        Keys.toWire(
            customers,
            Set.of("metadata"),
            Set.of("id", "externalId", "line2", "state", "region", "timezone"));
    ApiRequest request = ApiRequest.of("POST", "/customers/batch");
    request.body(Map.of("customers", items));
    return transport.call(request.options(options), BatchResult.class);
  }

  /**
   * Deletes the customer at once. Its user ID is free again; what happened stays in the history.
   *
   * <p>Error codes: {@code customer_not_found} (404).
   */
  public ApiResponse<DeletedCustomer> delete(String id) {
    return delete(id, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<DeletedCustomer> delete(String id, RequestOptions options) {
    ApiRequest request = ApiRequest.of("DELETE", "/customers/{id}", id);
    return transport.call(request.options(options), DeletedCustomer.class);
  }
}
