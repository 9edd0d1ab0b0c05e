-- People rename their organization. An environment sees its own organization only, by the policy of the foundation.
grant update (name) on organizations to commet_app;
