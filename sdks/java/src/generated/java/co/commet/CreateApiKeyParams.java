// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

/** The key to create. What is not set is not sent; a null is sent where it clears the field. */
public final class CreateApiKeyParams extends Params {
  private CreateApiKeyParams(Fields fields) {
    super(fields);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the parameters. */
  public static final class Builder {
    private final Fields fields = new Fields();

    private Builder() {}

    /** What the key is for. Required. */
    public Builder name(String name) {
      fields.set("name", name);
      return this;
    }

    /** Days until the key stops working. The server takes {@code 365} where nothing is given. */
    public Builder expiresInDays(long expiresInDays) {
      fields.set("expiresInDays", expiresInDays);
      return this;
    }

    public CreateApiKeyParams build() {
      return new CreateApiKeyParams(fields);
    }
  }
}
