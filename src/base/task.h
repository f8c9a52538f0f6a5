#pragma once

#include <boost/asio/awaitable.hpp>

namespace popradio {

// What may have to wait. A Task resumes on the executor of the coroutine that awaits it, that is,
// on the I/O thread that serves the request, whichever thread did the work.
template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace popradio
