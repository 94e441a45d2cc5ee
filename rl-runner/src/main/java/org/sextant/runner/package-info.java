// SPDX-License-Identifier: Apache-2.0

/**
 * Configuration, wiring, the training loop, run directories, comparison and the command line.
 */
package org.sextant.runner;
