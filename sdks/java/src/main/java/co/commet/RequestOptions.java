// Owns the options of one call.
// Does not know the client's own; what is null here is taken from there.
// Always: checked when built.
package co.commet;

import java.time.Duration;

/** Options of one call; each overrides the client's. */
public final class RequestOptions {
  private static final RequestOptions NONE = builder().build();

  final String apiVersion;
  final String idempotencyKey;
  final Duration timeout;
  final Integer retries;

  private RequestOptions(Builder builder) {
    this.apiVersion = builder.apiVersion;
    this.idempotencyKey = builder.idempotencyKey;
    this.timeout = builder.timeout;
    this.retries = builder.retries;
  }

  /** No options: everything as the client has it. */
  public static RequestOptions none() {
    return NONE;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Only an idempotency key; null or empty is none. */
  static RequestOptions ofIdempotencyKey(String key) {
    return key == null || key.isEmpty() ? NONE : builder().idempotencyKey(key).build();
  }

  /** Collects the options of one call. */
  public static final class Builder {
    private String apiVersion;
    private String idempotencyKey;
    private Duration timeout;
    private Integer retries;

    private Builder() {}

    /** API version of this call, {@code YYYY-MM-DD}. */
    public Builder apiVersion(String apiVersion) {
      this.apiVersion = Checks.header("apiVersion", apiVersion);
      return this;
    }

    /**
     * 1 to 255 printable characters; writes only. Without one, a write that may be retried gets one
     * of its own.
     */
    public Builder idempotencyKey(String idempotencyKey) {
      this.idempotencyKey = Checks.header("idempotencyKey", idempotencyKey);
      return this;
    }

    /** How long one attempt may take, reading the answer included. */
    public Builder timeout(Duration timeout) {
      this.timeout = Checks.timeout(timeout);
      return this;
    }

    /** Attempts after the first one. */
    public Builder retries(int retries) {
      this.retries = Checks.retries(retries);
      return this;
    }

    public RequestOptions build() {
      return new RequestOptions(this);
    }
  }
}
