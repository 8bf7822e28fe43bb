/// HTTP as the endpoints see it: the server, routes, requests, replies, cookies, pages and JSON.
///
/// Start at [HttpServer]. Nothing above this package knows Jetty.
@NullMarked
package dev.countersign.http;

import org.jspecify.annotations.NullMarked;
