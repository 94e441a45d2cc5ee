// SPDX-License-Identifier: Apache-2.0

/**
 * The vocabulary that all modules share and the contracts that plugins implement, in plain Java.
 */
package org.sextant.api;
