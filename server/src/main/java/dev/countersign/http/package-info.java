/// HTTP as the endpoints see it: requests, replies, routes, JSON. Start at `HttpServer`.
@NullMarked
package dev.countersign.http;

import org.jspecify.annotations.NullMarked;
