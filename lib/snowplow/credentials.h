/*
 * credentials -- who asks the Console, as snowplow-cli finds it out.
 *
 * For each of the four values the first place that has it, not empty, counts:
 * the environment (SNOWPLOW_CONSOLE_ORG_ID, _API_KEY_ID, _API_KEY, _HOST); the
 * first file there is of .env in the working directory, .env in
 * ~/.config/snowplow and in $XDG_CONFIG_HOME/snowplow; the first file there is
 * of ~/.config/snowplow/snowplow.yml and $XDG_CONFIG_HOME/snowplow/snowplow.yml
 * (members org-id, api-key-id, api-key or the older api-key-secret, and host
 * under "console").  So does snowplow-cli's internal/config/config.go.
 * --api-key-file goes before all for the key.
 */
#ifndef SNOWPLOW_CREDENTIALS_H
#define SNOWPLOW_CREDENTIALS_H

#include "base/buf.h"

struct credentials {
	char *base;	/* HOST/api/msc/v1/organizations/ORG, no slash behind */
	char *org;
	struct buf key_id, key;	/* with a NUL behind; secret.h */
};

/*
 * Host and organisation alone, as --offline needs them: .key and .key_id stay
 * empty.  Otherwise as credentials_read().
 */
int credentials_place(struct credentials *);

/*
 * Reads them; ${key_file} may be NULL.  Returns 0, or -1 after a message that
 * names what is missing or wrong and where it could stand (exit 2).  Never
 * prints a value but host and organisation.
 */
int credentials_read(struct credentials *, const char *key_file);

/* Overwrites the secrets.  {0} is fine. */
void credentials_release(struct credentials *);

#endif
