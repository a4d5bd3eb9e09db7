/*
 * masked -- a configuration as JSON, without what opens doors.
 *
 * Parameters of enrichments hold passwords of databases, keys of APIs and the
 * salt of pseudonyms, and a catalogue is read by many.
 */
#ifndef DATAHUB_MASKED_H
#define DATAHUB_MASKED_H

#include "base/buf.h"
#include "json/dom.h"

/*
 * Appends the value without white space; in place of strings and numbers
 * anywhere below a member whose name has one of these in it, in any case:
 * password, secret, token, apikey, api_key, accesskey, access_key, credential,
 * salt; it writes "***".
 */
void masked_write(struct buf *, const struct dom *);

#endif
