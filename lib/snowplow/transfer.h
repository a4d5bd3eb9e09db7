/*
 * transfer -- GET requests on the wire: libcurl's multi interface behind it.
 *
 * Everything about HTTP/1.1, HTTP/2, TLS, proxies, compression, names and
 * connections is libcurl's; everything about when and how often is http.c's.
 * transfer.c and url.c are the only files that include curl.h.
 *
 * Sockets are watched with epoll and each event is handed to libcurl with its
 * socket (curl_multi_socket_action()), so the work does not grow with the
 * number of idle connections.  TLS is always verified.  Redirects are answers
 * like any other: nothing follows them here.
 *
 * Callbacks come from transfers_step() alone; they must not start or cancel
 * transfers.  One thread.
 */
#ifndef SNOWPLOW_TRANSFER_H
#define SNOWPLOW_TRANSFER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

enum transfer_end {
	TRANSFER_WHOLE,		/* an answer, whatever its status */
	TRANSFER_BROKEN,	/* a reset, a body cut: may be tried again */
	TRANSFER_NONE,		/* no host, no connection: may be tried again */
	TRANSFER_REFUSED,	/* a bad certificate, a URL that is none: no use */
	TRANSFER_UNWANTED	/* .body said so */
};

struct transfer_calls {
	/* A line of the header; "HTTP/2 200" first, "" last. */
	void (*line)(void *arg, const char *line, size_t len);
	/* Decompressed.  Not 0 ends it with TRANSFER_UNWANTED. */
	int (*body)(void *arg, const char *text, size_t len);
	/* The last call for ${arg}; ${reason} (until then) unless whole. */
	void (*done)(void *arg, enum transfer_end, const char *reason);
};

struct transfers_settings {
	size_t max;			/* transfers at once */
	const char *cacert;		/* file, or NULL */
	const struct transfer_calls *calls;
};

struct transfers;
struct transfer;

/*
 * Certificates: ${cacert}, else CURL_CA_BUNDLE, and no others; else the
 * system's, SSL_CERT_FILE and SSL_CERT_DIR in place of its file and folder.
 * (libcurl reads none of these itself.)  NULL after a message.
 */
struct transfers *transfers_new(const struct transfers_settings *);
/* What runs ends without a callback.  NULL is fine. */
void transfers_free(struct transfers *);

/*
 * Starts a GET; ${headers} ("Name: value", ${n} up to 4) are copied.  ${fresh}:
 * not over a connection that exists (the last one may be dead).
 */
struct transfer *transfer_start(struct transfers *, const char *url,
				const char *const *headers, size_t n,
				bool fresh, void *arg);

/* No callback comes for it. */
void transfer_cancel(struct transfers *, struct transfer *);

/* Has the request gone out (or begun to)? */
bool transfer_sent(const struct transfer *);

/*
 * Waits until something happened on the network, on one of ${fds} (NULL with
 * ${n} 0), on stop_fd(), or until ${timeout_ns} is over, and handles it.
 */
void transfers_step(struct transfers *, struct pollfd *fds, size_t n,
		    uint64_t timeout_ns);

/* url.c */

/* "https://host:443" of an http or https URL: 0, or -1 where it is none. */
int url_origin(struct buf *origin, const char *url);

/* ${location} as seen from ${base}: 0, or -1 where that is no URL. */
int url_resolve(struct buf *url, const char *base, const char *location);

#endif
