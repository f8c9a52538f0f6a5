// What every test of such a layer includes.
#pragma once
#include <gtest/gtest.h>

#include "cmake/pch_asio.h"
