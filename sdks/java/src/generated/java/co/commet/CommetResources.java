// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

/** The resources of the API, as accessors of {@link Commet}. */
public abstract class CommetResources {
  private final ApiKeysService apiKeys;
  private final CustomersService customers;
  private final WebhookVerifier webhooks;

  CommetResources(Transport transport) {
    this.apiKeys = new ApiKeysService(transport);
    this.customers = new CustomersService(transport);
    this.webhooks = new WebhookVerifier();
  }

  /** The {@code apiKeys} resource. */
  public ApiKeysService apiKeys() {
    return apiKeys;
  }

  /** The {@code customers} resource. */
  public CustomersService customers() {
    return customers;
  }

  /** Verifies webhook deliveries. */
  public WebhookVerifier webhooks() {
    return webhooks;
  }
}
