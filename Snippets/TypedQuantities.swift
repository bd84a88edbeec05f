// Physical quantities carry their dimension in the type: a wrong product does not compile.
// Run: swift run TypedQuantities
import Interphase

let force = Quantity<Force>(60, .nanonewton)
let deflection = Quantity<Length>(25, .nanometre)
let stiffness: Quantity<ForcePerLength> = force / deflection
let work: Quantity<Energy> = force * deflection
print("stiffness", stiffness.value(in: .newtonPerMetre), "N/m")
print("work", work.si, "J")

if let unit = PhysicalUnit.loose("mA cm^-2")?.unit {
  print("mA cm^-2 is", unit.ucum, "shown as", unit.display)
}
