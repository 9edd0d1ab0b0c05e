// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

import java.util.List;
import java.util.stream.Stream;

/** The {@code apiKeys} resource. */
public final class ApiKeysService {
  private final Transport transport;

  ApiKeysService(Transport transport) {
    this.transport = transport;
  }

  /** Keys of this environment that are not revoked, newest first. Secrets are never listed. */
  public ApiResponse<List<ApiKey>> list() {
    return list(null, RequestOptions.none());
  }

  /** Keys of this environment that are not revoked, newest first. Secrets are never listed. */
  public ApiResponse<List<ApiKey>> list(ListApiKeysParams params) {
    return list(params, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<List<ApiKey>> list(ListApiKeysParams params, RequestOptions options) {
    ApiRequest request = ApiRequest.of("GET", "/api-keys");
    request.query(params);
    return transport.list(request.options(options), ApiKey.class);
  }

  /** Every row of every page, one request per page, only as far as the stream is read. */
  public Stream<ApiKey> stream() {
    return stream(null, RequestOptions.none());
  }

  /** Every row of every page, one request per page, only as far as the stream is read. */
  public Stream<ApiKey> stream(ListApiKeysParams params) {
    return stream(params, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public Stream<ApiKey> stream(ListApiKeysParams params, RequestOptions options) {
    ApiRequest request = ApiRequest.of("GET", "/api-keys");
    request.query(params);
    return transport.stream(request.options(options), ApiKey.class);
  }

  /** Creates a key for the environment of the key that asks. The secret is in this answer only. */
  public ApiResponse<CreatedApiKey> create(CreateApiKeyParams params) {
    return create(params, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<CreatedApiKey> create(CreateApiKeyParams params, RequestOptions options) {
    ApiRequest request = ApiRequest.of("POST", "/api-keys");
    request.body(params);
    return transport.call(request.options(options), CreatedApiKey.class);
  }

  /**
   * Revokes the key at once and for good.
   *
   * <p>Error codes: {@code api_key_not_found} (404).
   */
  public ApiResponse<DeletedApiKey> delete(String id) {
    return delete(id, RequestOptions.none());
  }

  /** The same, with options of this one call. */
  public ApiResponse<DeletedApiKey> delete(String id, RequestOptions options) {
    ApiRequest request = ApiRequest.of("DELETE", "/api-keys/{id}", id);
    return transport.call(request.options(options), DeletedApiKey.class);
  }
}
