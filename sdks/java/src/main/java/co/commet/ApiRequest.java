// Owns the description of one call.
// Does not send it (Transport does).
// Always: the path is complete and encoded; keys of the body are written as given.
package co.commet;

import java.util.Map;

/** One call of the API, also of an operation this version of the package has no method for. */
public final class ApiRequest {
  final String method;
  final String path;
  private Map<String, ?> query = Map.of();
  private Object body;
  private RequestOptions options = RequestOptions.none();

  private ApiRequest(String method, String path) {
    this.method = method;
    this.path = path;
  }

  /**
   * @param method {@code GET}, {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
   * @param template below {@code /api/v1}, such as {@code /customers/{id}}
   * @param identifiers what stands for each {@code {name}}, in order, not encoded
   */
  public static ApiRequest of(String method, String template, String... identifiers) {
    if (!template.startsWith("/") || template.indexOf('?') >= 0 || template.indexOf('#') >= 0) {
      throw CommetException.invalidArgument(
          "a path starts with / and carries no query or fragment");
    }
    return new ApiRequest(method, Path.fill(template, identifiers));
  }

  /** Values are scalars, or maps written as {@code name[key]=value}; nulls are left out. */
  public ApiRequest query(Map<String, ?> query) {
    this.query = query == null ? Map.of() : query;
    return this;
  }

  /** Anything Jackson can write; keys are not touched. */
  public ApiRequest body(Object body) {
    this.body = body;
    return this;
  }

  public ApiRequest options(RequestOptions options) {
    this.options = options == null ? RequestOptions.none() : options;
    return this;
  }

  ApiRequest body(Params params) {
    if (params == null) {
      throw CommetException.invalidArgument("parameters are required");
    }
    return body((Object) params);
  }

  ApiRequest query(Params params) {
    return query(params == null ? null : params.fields());
  }

  Map<String, ?> query() {
    return query;
  }

  Object body() {
    return body;
  }

  RequestOptions options() {
    return options;
  }
}
