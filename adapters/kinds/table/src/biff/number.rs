//! Numbers: IEEE doubles and the packed RK form.

/// Unpacks an RK value: 30 bits of an integer or of a double's upper half, maybe times a hundred.
pub(super) fn unpack_rk(packed: u32) -> f64 {
    let value = if packed & 0b10 != 0 {
        // An arithmetic shift keeps the sign of the 30-bit integer.
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !0b11) << 32)
    };
    if packed & 0b01 != 0 { value / 100.0 } else { value }
}

/// The name of an error value, as Excel shows it.
pub(super) fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}
