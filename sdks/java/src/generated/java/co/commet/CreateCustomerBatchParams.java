// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

import java.util.List;

/**
 * The customers to create. What is not set is not sent; a null is sent where it clears the field.
 */
public final class CreateCustomerBatchParams extends Params {
  private CreateCustomerBatchParams(Fields fields) {
    super(fields);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the parameters. */
  public static final class Builder {
    private final Fields fields = new Fields();

    private Builder() {}

    /**
     * Each item follows the rules of a single create and fails or succeeds on its own. Required.
     */
    public Builder customers(List<CreateCustomerParams> customers) {
      fields.set("customers", copy(customers));
      return this;
    }

    public CreateCustomerBatchParams build() {
      return new CreateCustomerBatchParams(fields);
    }
  }
}
