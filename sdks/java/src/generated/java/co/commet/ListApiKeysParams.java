// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

/** What {@code apiKeys().list} may be narrowed by. What is not set, or null, is not sent. */
public final class ListApiKeysParams extends Params {
  private ListApiKeysParams(Fields fields) {
    super(fields);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the parameters. */
  public static final class Builder {
    private final Fields fields = new Fields();

    private Builder() {}

    /** Rows per page, 1 to 100. The server takes {@code 25} where nothing is given. */
    public Builder limit(long limit) {
      fields.set("limit", limit);
      return this;
    }

    /** nextCursor of the page before. Opaque: pass it as it came. */
    public Builder cursor(String cursor) {
      fields.set("cursor", cursor);
      return this;
    }

    public ListApiKeysParams build() {
      return new ListApiKeysParams(fields);
    }
  }
}
