/// Constants of nature that the models use, in SI units (CODATA 2018, exact).
public enum PhysicalConstants {
  /// Faraday's constant in C/mol.
  public static let faraday = 96485.33212
  /// The molar gas constant in J/(mol K).
  public static let gas = 8.314462618
}
