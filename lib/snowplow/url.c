/*
 * url -- origins, and where a redirect leads: by libcurl's parser, so that
 * nobody else reads the URL in another way.
 */
#include <curl/curl.h>

#include "snowplow/transfer.h"

static int add_part(struct buf *b, CURLU *u, CURLUPart part, const char *before)
{
	char *text = NULL;

	if (curl_url_get(u, part, &text, part == CURLUPART_PORT ?
			 CURLU_DEFAULT_PORT : 0))
		return -1;
	buf_adds(b, before);
	buf_adds(b, text);
	buf_cstr(b);
	curl_free(text);
	return 0;
}

int url_origin(struct buf *origin, const char *url)
{
	CURLU *u = curl_url();
	int rc = -1;

	buf_clear(origin);
	if (u && !curl_url_set(u, CURLUPART_URL, url, 0) &&
	    !add_part(origin, u, CURLUPART_SCHEME, "") &&
	    (!strcmp(origin->s, "https") || !strcmp(origin->s, "http")))
		rc = add_part(origin, u, CURLUPART_HOST, "://") ||
		     add_part(origin, u, CURLUPART_PORT, ":") ? -1 : 0;
	/* names of hosts are the same in capitals */
	for (size_t i = 0; i < origin->len; i++)
		if (origin->s[i] >= 'A' && origin->s[i] <= 'Z')
			origin->s[i] = (char)(origin->s[i] + 32);
	curl_url_cleanup(u);
	return rc;
}

int url_resolve(struct buf *url, const char *base, const char *location)
{
	CURLU *u = curl_url();
	int rc = -1;

	buf_clear(url);
	if (u && !curl_url_set(u, CURLUPART_URL, base, 0) &&
	    !curl_url_set(u, CURLUPART_URL, location, 0))
		rc = add_part(url, u, CURLUPART_URL, "");
	curl_url_cleanup(u);
	return rc;
}
