import TundishColumns

/// Reads bytes into columns and writes columns as bytes.
package enum Formats {}
